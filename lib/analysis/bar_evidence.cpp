#include "bar_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "beat_network.hpp"
#include "sfa/analysis/band_spectrogram.hpp"

namespace sfa::analysis {
namespace {

constexpr std::size_t inputs = BeatNetwork::inputs;

// A change is between the mean spectra of so many beats before and after, in these inputs: 27.5 Hz to 17 kHz are 80.
struct Change {
  std::size_t first, last, beats;
};
constexpr std::array<Change, 3> changes{Change{8, 50, 2}, Change{0, 16, 2}, Change{0, inputs, 4}};

// Chosen on recorded excerpts: log odds for each standard deviation of a change.
constexpr double change_weight = 0.7;

constexpr Frames attack_frames = 3;  // left out at the begin of a beat, where drums cover the harmony
constexpr Frames downbeat_reach = 3;
constexpr double doubt = 0.005;

using Spectrum = std::array<double, inputs>;

/// The mean spectrum of each beat, the last one to the end.
std::vector<Spectrum> beat_spectra(std::span<const Beat> beats, std::span<const float> features) {
  const auto frames = static_cast<Frames>(features.size() / inputs);
  const auto frame_of = [&](const Beat& beat) {
    return std::clamp<Frames>(std::lround(beat.time * BandSpectrogram::frames_per_second), 0, frames - 1);
  };
  std::vector<Spectrum> spectra(beats.size());
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const Frames end = i + 1 < beats.size() ? frame_of(beats[i + 1]) : frames;
    const Frames begin = std::min(frame_of(beats[i]) + attack_frames, std::max<Frames>(end, 1) - 1);
    for (Frames frame = begin; frame < end; ++frame)
      for (std::size_t k = 0; k < inputs; ++k)
        spectra[i][k] += features[static_cast<std::size_t>(frame) * inputs + k] / static_cast<double>(end - begin);
  }
  return spectra;
}

/// The spectra as vectors of length 1 about their mean, in the inputs of `change`.
std::vector<std::vector<double>> directions(std::span<const Spectrum> spectra, const Change& change) {
  std::vector<std::vector<double>> result;
  for (const auto& spectrum : spectra) {
    std::vector<double> part(spectrum.begin() + static_cast<std::ptrdiff_t>(change.first),
                             spectrum.begin() + static_cast<std::ptrdiff_t>(change.last));
    const double mean = std::accumulate(part.begin(), part.end(), 0.0) / static_cast<double>(part.size());
    for (auto& value : part) value -= mean;
    const double norm = std::sqrt(std::inner_product(part.begin(), part.end(), part.begin(), 0.0)) + 1e-9;
    for (auto& value : part) value /= norm;
    result.push_back(std::move(part));
  }
  return result;
}

/// 1 less the cosine between the sums of what lies before and after.
double distance(std::span<const std::vector<double>> before, std::span<const std::vector<double>> after) {
  if (before.empty() || after.empty()) return 0.0;
  double product = 0.0, first = 0.0, second = 0.0;
  for (std::size_t k = 0; k < before[0].size(); ++k) {
    double a = 0.0, b = 0.0;
    for (const auto& direction : before) a += direction[k];
    for (const auto& direction : after) b += direction[k];
    product += a * b, first += a * a, second += b * b;
  }
  return 1.0 - product / (std::sqrt(first * second) + 1e-9);
}

struct Spread {
  double mean, deviation;
};

Spread spread_of(std::span<const BarEvidence> evidence, std::size_t kind) {
  double sum = 0.0, squares = 0.0;
  for (const auto& beat : evidence) sum += beat.changes[kind], squares += beat.changes[kind] * beat.changes[kind];
  const auto count = static_cast<double>(evidence.size());
  return {sum / count, std::sqrt(std::max(0.0, squares / count - sum / count * (sum / count)))};
}

}  // namespace

std::vector<BarEvidence> bar_evidence(std::span<const Beat> beats, std::span<const float> features,
                                      std::span<const float> downbeats) {
  std::vector<BarEvidence> evidence(beats.size());
  if (features.empty()) return evidence;
  const auto spectra = beat_spectra(beats, features);
  for (std::size_t kind = 0; kind < changes.size(); ++kind) {
    const auto all = directions(spectra, changes[kind]);
    const std::span<const std::vector<double>> each(all);
    for (std::size_t i = 0; i < beats.size(); ++i) {
      const auto before = std::min(i, changes[kind].beats), after = std::min(beats.size() - i, changes[kind].beats);
      evidence[i].changes[kind] =
          static_cast<float>(distance(each.subspan(i - before, before), each.subspan(i, after)));
    }
  }
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const Frames centre = std::lround(beats[i].time * BandSpectrogram::frames_per_second);
    const auto from = std::clamp<Frames>(centre - downbeat_reach, 0, static_cast<Frames>(downbeats.size()));
    const auto to = std::clamp<Frames>(centre + downbeat_reach + 1, from, static_cast<Frames>(downbeats.size()));
    for (Frames frame = from; frame < to; ++frame)
      evidence[i].heard = std::max(evidence[i].heard, downbeats[static_cast<std::size_t>(frame)]);
  }
  return evidence;
}

std::vector<float> downbeat_likelihoods(std::span<const BarEvidence> evidence) {
  std::array<Spread, changes.size()> spreads{};
  if (evidence.empty()) return {};
  for (std::size_t kind = 0; kind < changes.size(); ++kind) spreads[kind] = spread_of(evidence, kind);
  std::vector<float> result;
  for (const auto& beat : evidence) {
    const double heard = std::clamp(static_cast<double>(beat.heard), doubt, 1.0 - doubt);
    double odds = std::log(heard / (1.0 - heard));
    for (std::size_t kind = 0; kind < changes.size(); ++kind)
      odds += change_weight * (beat.changes[kind] - spreads[kind].mean) / (spreads[kind].deviation + 1e-9);
    result.push_back(static_cast<float>(1.0 / (1.0 + std::exp(-odds))));
  }
  return result;
}

}  // namespace sfa::analysis
