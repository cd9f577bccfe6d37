#include "sfa/analysis/chroma.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <vector>

#include "frame_stream.hpp"
#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::analysis {
namespace {

constexpr int frames_per_second = 10;
constexpr double window_seconds = 8192.0 / 44100.0;  // tells semitones apart from 55 Hz on

// Where fundamentals and the strongest harmonics of music lie. Gómez takes 100 Hz to 5 kHz; on songs
// whose keys are known the lower range decided more keys rightly.
constexpr double lowest_hz = 55.0, highest_hz = 2000.0;

// Gómez 2006, section 3.2: a peak is shared out to the pitches whose first four harmonics it may be, the
// h-th with a weight of 0.6^(h - 1).
constexpr int harmonics = 4;
constexpr double harmonic_decay = 0.6;

constexpr double peak_range = 1e-4;      // of power: peaks 40 dB below a frame's highest do not count
constexpr double least_power = 1e-7;     // of a full-scale sine's: -70 dB
constexpr std::size_t fine_bins = 120;   // to the octave: 10 cents each
constexpr double semitones = 12.0;

/// x modulo one turn, 0 to 1.
double fraction(double x) { return x - std::floor(x); }

}  // namespace

struct ChromaAnalyzer::State {
  explicit State(SampleRate rate)
      : fft(transform_size(window_seconds * rate.hz)), frames(rate, fft.size(), frames_per_second),
        window(dsp::make_window(dsp::Window::hann, fft.size())), windowed(window.size()),
        spectrum(static_cast<std::size_t>(fft.bins())), power(spectrum.size()),
        bin_hz(static_cast<double>(rate.hz) / fft.size()),
        first(std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(lowest_hz / bin_hz)))),
        last(std::min(spectrum.size() - 1, static_cast<std::size_t>(highest_hz / bin_hz))) {}

  void take(std::span<const float> samples);
  void count_peak(std::size_t bin, double highest);

  dsp::Fft fft;
  FrameStream frames;
  std::vector<float> window, windowed;
  std::vector<std::complex<float>> spectrum;
  std::vector<double> power;
  double bin_hz;
  std::size_t first, last;              // bins between which peaks are looked for
  std::array<double, fine_bins> sum{};  // over all frames; from A upwards
  std::array<double, fine_bins> now{};  // of one frame
  std::complex<double> tuning;          // sum of the peaks' deviations from the semitones, as angles
};

void ChromaAnalyzer::State::take(std::span<const float> samples) {
  if (first >= last) return;
  for (std::size_t i = 0; i < window.size(); ++i) windowed[i] = samples[i] * window[i];
  fft.forward(windowed, spectrum);
  for (std::size_t k = first - 1; k <= last; ++k) power[k] = std::norm(std::complex<double>(spectrum[k]));
  const double highest = *std::max_element(power.begin() + static_cast<std::ptrdiff_t>(first - 1),
                                           power.begin() + static_cast<std::ptrdiff_t>(last + 1));
  const double full_scale = fft.size() / 4.0;  // half of the window's sum
  if (highest < least_power * full_scale * full_scale) return;
  now.fill(0.0);
  for (std::size_t k = first; k < last; ++k)
    if (power[k] > power[k - 1] && power[k] >= power[k + 1] && power[k] > peak_range * highest)
      count_peak(k, highest);
  const double total = std::accumulate(now.begin(), now.end(), 0.0);
  if (total > 0.0)
    for (std::size_t i = 0; i < fine_bins; ++i) sum[i] += now[i] / total;
}

/// The frequency is that of the parabola through the logarithms of the peak and its neighbours.
void ChromaAnalyzer::State::count_peak(std::size_t bin, double highest) {
  const auto level = [&](std::size_t k) { return std::log(std::max(power[k], 1e-12 * power[bin])); };
  const double before = level(bin - 1), top = level(bin), after = level(bin + 1);
  const double hz = bin_hz * (static_cast<double>(bin) + 0.5 * (before - after) / (before - 2.0 * top + after));
  const double octaves = std::log2(hz / 440.0);
  double weight = std::sqrt(power[bin] / highest);
  tuning += std::polar(weight, 2.0 * std::numbers::pi * fraction(semitones * octaves));
  for (int h = 1; h <= harmonics; ++h, weight *= harmonic_decay) {
    const double place = fraction(octaves - std::log2(h)) * static_cast<double>(fine_bins);
    now[static_cast<std::size_t>(place) % fine_bins] += weight;
  }
}

ChromaAnalyzer::ChromaAnalyzer(SampleRate rate) : state_(std::make_unique<State>(rate)) {}
ChromaAnalyzer::~ChromaAnalyzer() = default;
ChromaAnalyzer::ChromaAnalyzer(ChromaAnalyzer&&) noexcept = default;
ChromaAnalyzer& ChromaAnalyzer::operator=(ChromaAnalyzer&&) noexcept = default;

void ChromaAnalyzer::add(std::span<const float> mono) {
  state_->frames.add(mono, [&](std::span<const float> samples) { state_->take(samples); });
}

Chroma ChromaAnalyzer::finish() {
  state_->frames.finish([&](std::span<const float> samples) { state_->take(samples); });
  Chroma result;
  const double total = std::accumulate(state_->sum.begin(), state_->sum.end(), 0.0);
  if (total <= 0.0) return result;
  const double off_semitone = std::arg(state_->tuning) / (2.0 * std::numbers::pi);
  result.tuning_cents = 100.0 * off_semitone;
  for (std::size_t i = 0; i < fine_bins; ++i) {
    // A fine bin is shared between the two semitones that it lies between.
    const double above_a = (static_cast<double>(i) + 0.5) * semitones / static_cast<double>(fine_bins) - off_semitone;
    const double share = fraction(above_a);
    const auto below = static_cast<std::size_t>(std::lround(above_a - share) + 9 + 12) % 12;
    result.values[below] += (1.0 - share) * state_->sum[i] / total;
    result.values[(below + 1) % 12] += share * state_->sum[i] / total;
  }
  return result;
}

Chroma chroma(std::span<const float> mono, SampleRate rate) {
  ChromaAnalyzer analyzer(rate);
  analyzer.add(mono);
  return analyzer.finish();
}

}  // namespace sfa::analysis
