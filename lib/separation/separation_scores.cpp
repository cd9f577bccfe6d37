#include "sfa/separation/separation_scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sfa::separation {
namespace {

constexpr double nsdr_epsilon = 1e-7;  // Mitsufuji et al., as in the header
constexpr double not_counted = std::numeric_limits<double>::quiet_NaN();

double sum_over_channels(const AudioView& audio, std::size_t frame) {
  double sum = 0.0;
  for (int c = 0; c < audio.channels(); ++c) sum += audio.channel(c)[frame];
  return sum;
}

bool is_silent(const AudioView& audio) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(audio.frames()); ++i)
    if (sum_over_channels(audio, i) != 0.0) return false;
  return true;
}

}  // namespace

std::optional<double> median(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const auto upper = values[values.size() / 2];
  return values.size() % 2 == 1 ? upper : 0.5 * (values[values.size() / 2 - 1] + upper);
}

void SeparationScores::Energies::add(const AudioView& stem, const AudioView& estimate) {
  for (int c = 0; c < stem.channels(); ++c) {
    const auto truth = stem.channel(c), guess = estimate.channel(c);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const double s = truth[i], e = s - guess[i];
      signal += s * s;
      error += e * e;
    }
  }
  is_silent = is_silent && separation::is_silent(stem);
  estimate_is_silent = estimate_is_silent && separation::is_silent(estimate);
}

void SeparationScores::Energies::add(const Energies& other) {
  signal += other.signal;
  error += other.error;
  is_silent = is_silent && other.is_silent;
  estimate_is_silent = estimate_is_silent && other.estimate_is_silent;
}

SeparationScores::SeparationScores(std::size_t stems, SampleRate rate) : rate_(rate), seconds_(stems) {}

void SeparationScores::add(std::span<const AudioView> stems, std::span<const AudioView> estimates) {
  if (stems.empty()) return;
  for (Frames at = 0; at < stems.front().frames();) {
    const auto second = static_cast<std::size_t>(frames_ / rate_.hz);
    const Frames end = std::min(stems.front().frames(), at + rate_.hz - frames_ % rate_.hz);
    for (std::size_t s = 0; s < stems.size(); ++s) {
      seconds_[s].resize(second + 1);
      seconds_[s][second].add(stems[s].slice({at, end}), estimates[s].slice({at, end}));
    }
    frames_ += end - at;
    at = end;
  }
}

SeparationScores::Energies SeparationScores::whole(std::size_t stem) const {
  Energies sum;
  for (const auto& second : seconds_[stem]) sum.add(second);
  return sum;
}

std::vector<double> SeparationScores::frame_sdr_db(std::size_t stem) const {
  const auto whole_seconds = static_cast<std::size_t>(std::max<Frames>(1, frames_ / rate_.hz));
  std::vector<double> sdr(std::min(seconds_[stem].size(), whole_seconds), not_counted);
  if (whole(stem).has_silence()) return sdr;
  std::vector<bool> counts(sdr.size(), true);
  for (std::size_t s = 0; s < seconds_.size(); ++s) {
    if (whole(s).has_silence()) continue;
    for (std::size_t t = 0; t < counts.size(); ++t) counts[t] = counts[t] && !seconds_[s][t].has_silence();
  }
  for (std::size_t t = 0; t < sdr.size(); ++t) {
    const auto& second = seconds_[stem][t];
    if (counts[t] && second.error > 0.0) sdr[t] = 10.0 * std::log10(second.signal / second.error);
  }
  return sdr;
}

std::vector<Scores> SeparationScores::scores() const {
  std::vector<Scores> scores(seconds_.size());
  for (std::size_t s = 0; s < scores.size(); ++s) {
    const auto all = whole(s);
    if (all.signal == 0.0) continue;
    scores[s].nsdr_db = 10.0 * std::log10((all.signal + nsdr_epsilon) / (all.error + nsdr_epsilon));
    scores[s].sdr_db = median(frame_sdr_db(s));
  }
  return scores;
}

}  // namespace sfa::separation
