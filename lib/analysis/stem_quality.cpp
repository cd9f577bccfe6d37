#include "sfa/analysis/stem_quality.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <utility>

#include "frame_stream.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/loudness.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::analysis {
namespace {

constexpr int frames_per_second = 20;  // windows meet at their halves
constexpr double window_seconds = 0.1;
// Windows that overlap agree by chance more than others: 1 + 2 c^2, where c = 1/6 is the correlation of two Hann
// windows that meet at their halves (Harris, "On the use of windows for harmonic analysis", 1978, table 1).
constexpr double overlap_bias = 1.0 + 2.0 / 36.0;
constexpr int period_frames = 20 * frames_per_second;
constexpr double silent_power = 1e-6;  // -60 dBFS
constexpr double clean_db = -30.0, spoilt_db = -5.0;
constexpr double looping_quality = 0.5, looping_silence = 2.0 / 3.0, looping_lufs = -45.0;

/// Sums of one pair of stems over a period, for each bin: of the moments in which the source is the louder.
struct Pair {
  explicit Pair(std::size_t bins) : cross(bins), source(bins), product(bins) {}

  std::vector<std::complex<double>> cross;
  std::vector<double> source, product;  // of powers

  void add(std::span<const std::complex<float>> of_source, std::span<const std::complex<float>> of_target) {
    for (std::size_t k = 0; k < cross.size(); ++k) {
      const std::complex<double> s(of_source[k]), t(of_target[k]);
      if (std::norm(s) <= std::norm(t)) continue;
      cross[k] += t * std::conj(s);
      source[k] += std::norm(s);
      product[k] += std::norm(s) * std::norm(t);
    }
  }

  /// The power that the target has of the source, and forgets the period. Independent sounds too agree by
  /// chance: with phases at random, as much as the powers' products add up to.
  double settle() {
    double sum = 0.0;
    for (std::size_t k = 0; k < cross.size(); ++k)
      if (source[k] > 0.0) sum += (std::norm(cross[k]) - overlap_bias * product[k]) / source[k];
    *this = Pair(cross.size());
    return sum;
  }
};

double quality_of(double leakage_db) {
  return std::clamp((spoilt_db - leakage_db) / (spoilt_db - clean_db), 0.0, 1.0);
}

}  // namespace

struct StemQualityMeter::State {
  State(SampleRate rate_, int channels_, std::vector<std::string> names_)
      : rate(rate_), channels(channels_), names(std::move(names_)), fft(transform_size(window_seconds * rate.hz)),
        window(dsp::make_window(dsp::Window::hann, fft.size())), windowed(window.size()),
        spectra(names.size(), std::vector<std::complex<float>>(static_cast<std::size_t>(fft.bins()))),
        power(names.size()), leaked(names.size() * names.size()), silent(names.size()), queues(names.size()) {
    for (std::size_t s = 0; s < names.size(); ++s) {
      meters.emplace_back(rate, channels, dsp::LoudnessMeter::Measures{});
      streams.emplace_back(rate, fft.size(), frames_per_second);
    }
    for (std::size_t p = 0; p < leaked.size(); ++p) pairs.emplace_back(static_cast<std::size_t>(fft.bins()));
  }

  void transform(std::size_t stem, std::span<const float> samples);
  void compare();
  void settle();

  SampleRate rate;
  int channels;
  std::vector<std::string> names;
  dsp::Fft fft;
  std::vector<float> window, windowed;
  std::vector<std::vector<std::complex<float>>> spectra;
  std::vector<double> power;                            // of each stem, summed over bins and frames
  std::vector<double> leaked;                           // into stem a of stem b, at a * stems + b, likewise
  std::vector<Frames> silent;                           // frames of each stem
  std::vector<std::vector<std::vector<float>>> queues;  // windows of each stem, until all stems have theirs
  std::vector<dsp::LoudnessMeter> meters;
  std::vector<FrameStream> streams;
  std::vector<Pair> pairs;
  Frames frames = 0;
  int in_period = 0;
};

void StemQualityMeter::State::transform(std::size_t stem, std::span<const float> samples) {
  double square = 0.0;
  for (std::size_t i = 0; i < window.size(); ++i) {
    square += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
    windowed[i] = samples[i] * window[i];
  }
  if (square < silent_power * static_cast<double>(window.size())) ++silent[stem];
  fft.forward(windowed, spectra[stem]);
  for (const auto& value : spectra[stem]) power[stem] += std::norm(std::complex<double>(value));
}

/// All stems' oldest windows.
void StemQualityMeter::State::compare() {
  for (std::size_t s = 0; s < names.size(); ++s) transform(s, queues[s].front());
  for (auto& queue : queues) queue.erase(queue.begin());
  for (std::size_t into = 0; into < names.size(); ++into)
    for (std::size_t of = 0; of < names.size(); ++of)
      if (into != of) pairs[into * names.size() + of].add(spectra[of], spectra[into]);
  ++frames;
  if (++in_period == period_frames) settle();
}

void StemQualityMeter::State::settle() {
  for (std::size_t p = 0; p < pairs.size(); ++p) leaked[p] += pairs[p].settle();
  in_period = 0;
}

StemQualityMeter::StemQualityMeter(SampleRate rate, int channels, std::vector<std::string> names) {
  if (names.empty()) throw Error(Error::Kind::invalid_argument, "there are no stems to compare");
  state_ = std::make_unique<State>(rate, channels, std::move(names));
}
StemQualityMeter::~StemQualityMeter() = default;
StemQualityMeter::StemQualityMeter(StemQualityMeter&&) noexcept = default;
StemQualityMeter& StemQualityMeter::operator=(StemQualityMeter&&) noexcept = default;

void StemQualityMeter::add(std::span<const AudioView> stems) {
  auto& state = *state_;
  const bool fit =
      stems.size() == state.names.size() && std::all_of(stems.begin(), stems.end(), [&](const AudioView& s) {
        return s.frames() == stems.front().frames() && s.channels() == state.channels && s.rate() == state.rate;
      });
  if (!fit)
    throw Error(Error::Kind::invalid_argument, "the stems' blocks are not alike in length, rate or channels");
  for (std::size_t s = 0; s < stems.size(); ++s) {
    state.meters[s].add(stems[s]);
    state.streams[s].add(to_mono(stems[s]), [&](std::span<const float> window) {
      state.queues[s].emplace_back(window.begin(), window.end());
    });
  }
  while (!state.queues.front().empty()) state.compare();
}

std::vector<StemQuality> StemQualityMeter::finish() {
  auto& state = *state_;
  for (std::size_t s = 0; s < state.names.size(); ++s)
    state.streams[s].finish(
        [&](std::span<const float> window) { state.queues[s].emplace_back(window.begin(), window.end()); });
  while (!state.queues.front().empty()) state.compare();
  state.settle();
  std::vector<StemQuality> result;
  for (std::size_t s = 0; s < state.names.size(); ++s) {
    StemQuality stem;
    stem.name = state.names[s];
    stem.loudness_lufs = state.meters[s].integrated_lufs();
    stem.silence =
        state.frames > 0 ? static_cast<double>(state.silent[s]) / static_cast<double>(state.frames) : 1.0;
    const auto row = state.leaked.begin() + static_cast<std::ptrdiff_t>(s * state.names.size());
    const double worst = *std::max_element(row, row + static_cast<std::ptrdiff_t>(state.names.size()));
    stem.leakage_db = worst > 0.0 && state.power[s] > 0.0
                          ? std::min(0.0, 10.0 * std::log10(worst / state.power[s]))
                          : -std::numeric_limits<double>::infinity();
    stem.quality = state.power[s] > 0.0 && stem.silence < 1.0 ? quality_of(stem.leakage_db) : 0.0;
    stem.worth_looping =
        stem.quality >= looping_quality && stem.silence <= looping_silence && stem.loudness_lufs >= looping_lufs;
    result.push_back(stem);
  }
  return result;
}

}  // namespace sfa::analysis
