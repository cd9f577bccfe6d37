#include "sfa/analysis/chroma.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <deque>
#include <numbers>
#include <numeric>
#include <vector>

#include "decimator.hpp"
#include "frame_stream.hpp"
#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::analysis {
namespace {

constexpr int analysed_hz = 10000;                        // the rate that is enough for the peaks below
constexpr double window_seconds = 16384.0 / 44100.0;      // tells semitones apart from 90 Hz on
constexpr double lowest_hz = 55.0, highest_hz = 3500.0;   // of peaks
constexpr double bass_hz = 160.0, treble_hz = 250.0;      // between them a peak belongs to both registers

// Gómez 2006, section 3.2: a peak is shared out to the pitches whose first four harmonics it may be, the
// h-th with a weight of 0.6^(h - 1).
constexpr int harmonics = 4;
constexpr double harmonic_decay = 0.6;

constexpr double peak_range = 1e-4;     // of power: peaks 40 dB below a frame's highest do not count
constexpr double floor_weight = 1.5;    // of the noise around a peak: so much is taken from its amplitude
constexpr double least_power = 1e-7;    // of a full-scale sine's: -70 dB
constexpr std::size_t fine_bins = 120;  // to the octave: 10 cents each
constexpr double semitones = 12.0;

// A pitch half-way between two semitones counts for neither: the peaks of drums and of vibrato spread
// evenly, those of notes do not.
constexpr double widest = 0.5;  // semitones

using FineChroma = std::array<double, fine_bins>;  // from A upwards

struct FineFrame {
  std::array<float, fine_bins> treble{}, bass{};
};

/// x modulo one turn, 0 to 1.
double fraction(double x) { return x - std::floor(x); }

/// Adds the fine bins to the semitones that they lie near, with `tuning` semitones above A4 = 440 Hz for A.
template <typename Fine, typename Folded>
void fold(const Fine& fine, double tuning, Folded& folded) {
  for (std::size_t i = 0; i < fine_bins; ++i) {
    const double above_a = (static_cast<double>(i) + 0.5) * semitones / static_cast<double>(fine_bins) - tuning;
    const double nearest = std::round(above_a), distance = std::abs(above_a - nearest);
    const double window = std::cos(0.5 * std::numbers::pi * distance / widest);
    const auto pitch = static_cast<std::size_t>(((std::lround(nearest) + 9) % 12 + 12) % 12);
    folded[pitch] += static_cast<typename Folded::value_type>(window * window * static_cast<double>(fine[i]));
  }
}

}  // namespace

struct ChromaAnalyzer::State {
  explicit State(SampleRate full_rate)
      : factor(decimation(full_rate.hz, analysed_hz)), rate{full_rate.hz / factor}, decimator(factor),
        fft(transform_size(window_seconds * rate.hz)), frames(rate, fft.size(), frames_per_second),
        window(dsp::make_window(dsp::Window::hann, fft.size())), windowed(window.size()),
        spectrum(static_cast<std::size_t>(fft.bins())), power(spectrum.size()), logarithms(power.size() + 1),
        bin_hz(static_cast<double>(rate.hz) / fft.size()),
        first(std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(lowest_hz / bin_hz)))),
        last(std::min(spectrum.size() - 1, static_cast<std::size_t>(highest_hz / bin_hz))) {}

  void add(std::span<const float> samples, const Sink& sink);
  [[nodiscard]] FineFrame analyse(std::span<const float> samples);
  void count_peak(std::size_t bin, double highest, FineFrame& frame);
  [[nodiscard]] double noise_floor(std::size_t bin) const;
  void give_oldest(const Sink& sink);

  int factor;
  SampleRate rate;
  Decimator decimator;
  dsp::Fft fft;
  FrameStream frames;
  std::vector<float> window, windowed;
  std::vector<std::complex<float>> spectrum;
  std::vector<double> power;
  std::vector<double> logarithms;   // of the power, summed up to each bin
  double bin_hz;
  std::size_t first, last;          // bins between which peaks are looked for
  std::deque<FineFrame> waiting;
  Chroma sum;                       // over all frames given
  std::complex<double> deviations;  // sum of the peaks' deviations from the semitones, as angles
  double weights = 0.0;             // of those peaks
  double tuning = 0.0;              // in semitones, without jumps where it goes beyond half of one
  bool tuned = false;
};

FineFrame ChromaAnalyzer::State::analyse(std::span<const float> samples) {
  FineFrame frame;
  if (first >= last) return frame;
  for (std::size_t i = 0; i < window.size(); ++i) windowed[i] = samples[i] * window[i];
  fft.forward(windowed, spectrum);
  for (std::size_t k = first - 1; k <= last; ++k) power[k] = std::norm(std::complex<double>(spectrum[k]));
  const double highest = *std::max_element(power.begin() + static_cast<std::ptrdiff_t>(first - 1),
                                           power.begin() + static_cast<std::ptrdiff_t>(last + 1));
  const double full_scale = fft.size() / 4.0;  // half of the window's sum
  if (highest < least_power * full_scale * full_scale) return frame;
  for (std::size_t k = first - 1; k <= last; ++k)
    logarithms[k + 1] = logarithms[k] + std::log(power[k] + 1e-9 * highest);
  for (std::size_t k = first; k < last; ++k)
    if (power[k] > power[k - 1] && power[k] >= power[k + 1] && power[k] > peak_range * highest)
      count_peak(k, highest, frame);
  return frame;
}

/// The geometric mean of the amplitudes within a third of an octave around the bin, or of 17 bins: little moved by
/// the peaks themselves.
double ChromaAnalyzer::State::noise_floor(std::size_t bin) const {
  const auto reach = std::max<std::size_t>(8, bin / 5);
  const auto from = bin < first - 1 + reach ? first - 1 : bin - reach, to = std::min(bin + reach, last) + 1;
  return std::exp(0.5 * (logarithms[to] - logarithms[from]) / static_cast<double>(to - from));
}

/// The frequency is that of the parabola through the logarithms of the peak and its neighbours.
void ChromaAnalyzer::State::count_peak(std::size_t bin, double highest, FineFrame& frame) {
  const auto level = [&](std::size_t k) { return std::log(std::max(power[k], 1e-12 * power[bin])); };
  const double before = level(bin - 1), top = level(bin), after = level(bin + 1);
  const double hz = bin_hz * (static_cast<double>(bin) + 0.5 * (before - after) / (before - 2.0 * top + after));
  const double octaves = std::log2(hz / 440.0);
  const double amplitude = std::sqrt(power[bin] / highest);
  weights += amplitude;
  deviations += std::polar(amplitude, 2.0 * std::numbers::pi * fraction(semitones * octaves));
  double weight = amplitude - floor_weight * noise_floor(bin) / std::sqrt(highest);
  if (weight <= 0.0) return;
  const double in_treble = std::clamp(std::log(hz / bass_hz) / std::log(treble_hz / bass_hz), 0.0, 1.0);
  for (int h = 1; h <= harmonics; ++h, weight *= harmonic_decay) {
    const double place = fraction(octaves - std::log2(h)) * static_cast<double>(fine_bins);
    const auto fine = static_cast<std::size_t>(place) % fine_bins;
    frame.treble[fine] += static_cast<float>(weight * in_treble);
    frame.bass[fine] += static_cast<float>(weight * (1.0 - in_treble));
  }
}

void ChromaAnalyzer::State::give_oldest(const Sink& sink) {
  if (deviations != 0.0) {
    const double now = std::arg(deviations) / (2.0 * std::numbers::pi);
    tuning = tuned ? tuning + std::remainder(now - tuning, 1.0) : now;
    tuned = true;
  }
  ChromaFrame frame;
  fold(waiting.front().treble, tuning, frame.treble);
  fold(waiting.front().bass, tuning, frame.bass);
  waiting.pop_front();
  const auto total_of = [](const auto& values) { return std::accumulate(values.begin(), values.end(), 0.0F); };
  const float total = total_of(frame.treble) + total_of(frame.bass);
  for (std::size_t i = 0; i < 12 && total > 0.0F; ++i) {
    frame.treble[i] /= total;
    frame.bass[i] /= total;
    sum.values[i] += static_cast<double>(frame.treble[i] + frame.bass[i]);
    sum.bass[i] += static_cast<double>(frame.bass[i]);
  }
  if (total > 0.0F) sum.seconds += 1.0 / frames_per_second;
  if (sink) sink(frame);
}

void ChromaAnalyzer::State::add(std::span<const float> samples, const Sink& sink) {
  frames.add(samples, [&](std::span<const float> piece) {
    waiting.push_back(analyse(piece));
    if (waiting.size() > static_cast<std::size_t>(delay_frames)) give_oldest(sink);
  });
}

ChromaAnalyzer::ChromaAnalyzer(SampleRate rate) : state_(std::make_unique<State>(rate)) {}
ChromaAnalyzer::~ChromaAnalyzer() = default;
ChromaAnalyzer::ChromaAnalyzer(ChromaAnalyzer&&) noexcept = default;
ChromaAnalyzer& ChromaAnalyzer::operator=(ChromaAnalyzer&&) noexcept = default;

void ChromaAnalyzer::add(std::span<const float> mono, const Sink& sink) {
  constexpr std::size_t block = 65536;
  for (; !mono.empty(); mono = mono.subspan(std::min(block, mono.size())))
    state_->add(state_->decimator.add(mono.first(std::min(block, mono.size()))), sink);
}

Chroma ChromaAnalyzer::finish(const Sink& sink) {
  auto& state = *state_;
  state.add(state.decimator.finish(), sink);
  state.frames.finish([&](std::span<const float> piece) { state.waiting.push_back(state.analyse(piece)); });
  while (!state.waiting.empty()) state.give_oldest(sink);
  Chroma result = state.sum;
  const double total = std::accumulate(result.values.begin(), result.values.end(), 0.0);
  if (total <= 0.0) return {};
  for (auto& value : result.values) value /= total;
  for (auto& value : result.bass) value /= total;
  result.tunedness = std::abs(state.deviations) / state.weights;
  result.tuning_cents = std::clamp(100.0 * state.tuning, -50.0, 50.0);
  return result;
}

Chroma chroma(std::span<const float> mono, SampleRate rate) {
  ChromaAnalyzer analyzer(rate);
  analyzer.add(mono);
  return analyzer.finish();
}

}  // namespace sfa::analysis
