#include "sfa/analysis/constant_q.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <deque>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "dot.hpp"
#include "half_band.hpp"
#include "hop_frames.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::analysis {
namespace {

constexpr double c1_hz = 32.703195662574829;
constexpr int most_octaves = 7;
constexpr double hann_bandwidth_bins = 1.50018310546875;
constexpr double left_out = 0.01;  // of a kernel's magnitude: Brown and Puckette, JASA 92(5), 1992
constexpr double highest_of_rate = 0.4;

/// Q, so that neighbouring bins' bands meet. Glasberg and Moore's alpha for equal steps of pitch.
double quality(int bins_per_octave) {
  const double step = std::exp2(2.0 / bins_per_octave);
  return (step + 1.0) / (step - 1.0);
}

/// The bins of a spectrum that one bin of the constant-Q transform takes.
struct Kernel {
  std::size_t first_bin = 0;
  std::vector<float> real{}, imaginary{};
  double length = 0.0;  // samples
};

/// A complex exponential around 0 under a Hann window of area 1.
std::vector<std::complex<double>> wavelet(double length, double turns_per_sample) {
  const double begin = std::floor(-length / 2.0), end = std::floor(length / 2.0);
  const auto window = dsp::make_window(dsp::Window::hann, static_cast<int>(end - begin));
  const double area = std::accumulate(window.begin(), window.end(), 0.0);
  std::vector<std::complex<double>> values;
  for (std::size_t i = 0; i < window.size(); ++i)
    values.push_back(std::polar(double{window[i]} / area, 2.0 * std::numbers::pi * turns_per_sample *
                                                              (begin + static_cast<double>(i))));
  return values;
}

/// The bins of `spectrum` from the first to the last that are not among the faintest, which become 0.
Kernel without_faintest(std::span<const std::complex<float>> spectrum) {
  std::vector<float> magnitudes;
  for (const auto& value : spectrum) magnitudes.push_back(std::abs(value));
  auto sorted = magnitudes;
  std::ranges::sort(sorted);
  const double all = std::accumulate(sorted.begin(), sorted.end(), 0.0);
  double sum = 0.0;
  const auto least =
      std::ranges::find_if(sorted, [&](float value) { return (sum += double{value}) >= left_out * all; });
  const auto is_kept = [&](float value) { return value >= *least; };
  const auto first = std::ranges::find_if(magnitudes, is_kept) - magnitudes.begin();
  const auto last = magnitudes.rend() - std::find_if(magnitudes.rbegin(), magnitudes.rend(), is_kept);
  Kernel kernel{.first_bin = static_cast<std::size_t>(first)};
  for (auto k = static_cast<std::size_t>(first); k < static_cast<std::size_t>(last); ++k) {
    const auto weight = is_kept(magnitudes[k]) ? spectrum[k] : std::complex<float>{};
    kernel.real.push_back(weight.real());
    kernel.imaginary.push_back(weight.imag());
  }
  return kernel;
}

Kernel make_kernel(double length, double turns_per_sample, int size) {
  const auto signal = wavelet(length, turns_per_sample);
  const auto offset = (static_cast<std::size_t>(size) - signal.size()) / 2;
  std::vector<float> real(static_cast<std::size_t>(size)), imaginary(real.size());
  for (std::size_t i = 0; i < signal.size(); ++i) {
    real[offset + i] = static_cast<float>(signal[i].real() * length / size);
    imaginary[offset + i] = static_cast<float>(signal[i].imag() * length / size);
  }
  dsp::Fft fft(size);
  std::vector<std::complex<float>> of_real(static_cast<std::size_t>(fft.bins())), of_imaginary(of_real.size());
  fft.forward(real, of_real);
  fft.forward(imaginary, of_imaginary);
  for (std::size_t k = 0; k < of_real.size(); ++k) of_real[k] += std::complex<float>(0.0F, 1.0F) * of_imaginary[k];
  auto kernel = without_faintest(of_real);
  kernel.length = length;
  return kernel;
}

/// A frame whose octaves become known one after the other.
struct Row {
  std::vector<float> magnitudes;
  int octaves = 0;
};

}  // namespace

struct ConstantQ::State {
  State(SampleRate rate, const ConstantQOptions& options);

  /// Stages halve the rate; from `early` on each is an octave, the highest first.
  void feed(std::size_t stage, std::span<const float> samples) {
    if (stage >= early) {
      const auto octave = stage - early;
      frames[octave].add(samples, [&](auto window) { take(octave, window); });
    }
    if (stage < halves.size()) feed(stage + 1, halves[stage].add(samples));
  }

  void take(std::size_t octave, std::span<const float> window) {
    fft.forward(window, spectrum);
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      real[k] = spectrum[k].real();
      imaginary[k] = spectrum[k].imag();
    }
    const auto index = static_cast<std::size_t>(frames[octave].count() - 1 - emitted);
    if (index >= rows.size()) rows.resize(index + 1, {std::vector<float>(kernels.size() * frames.size()), 0});
    const auto to = std::span(rows[index].magnitudes).last(kernels.size() * (octave + 1));
    for (std::size_t bin = 0; bin < kernels.size(); ++bin) {
      const auto& kernel = kernels[bin];
      const auto size = kernel.real.size();
      const float *x = real.data() + kernel.first_bin, *y = imaginary.data() + kernel.first_bin;
      const double re = double{dot(kernel.real.data(), x, size)} - double{dot(kernel.imaginary.data(), y, size)};
      const double im = double{dot(kernel.real.data(), y, size)} + double{dot(kernel.imaginary.data(), x, size)};
      // Halving keeps the amplitude where librosa keeps the power, and kernels and windows grow with the octave.
      const double gain = std::sqrt(std::exp2(static_cast<double>(early + octave)) / kernel.length);
      to[bin] = static_cast<float>(gain * std::sqrt(re * re + im * im));
    }
    ++rows[index].octaves;
  }

  void emit(const Sink& sink) {
    for (; !rows.empty() && rows.front().octaves == static_cast<int>(frames.size()); rows.pop_front(), ++emitted)
      sink(rows.front().magnitudes);
  }

  int hop;
  std::size_t early = 0;
  std::vector<Kernel> kernels{};  // of the highest octave
  std::vector<HalfBand> halves{};
  std::vector<HopFrames> frames{};  // of each octave
  dsp::Fft fft{2};
  std::vector<std::complex<float>> spectrum{};
  std::vector<float> real{}, imaginary{};  // of the spectrum
  std::deque<Row> rows{};
  Frames emitted = 0, length = 0;
};

ConstantQ::State::State(SampleRate rate, const ConstantQOptions& options) : hop(options.hop_frames) {
  const int per_octave = options.bins_per_octave;
  if (hop < 64 || hop % 64 != 0 || per_octave < 1 || std::abs(options.tuning_bins) > 1.0 || rate.hz < 200)
    throw Error(Error::Kind::invalid_argument, "a constant-Q transform needs a hop that is a multiple of 64 frames");
  const double q = quality(per_octave);
  const double lowest_hz = c1_hz * std::exp2(options.tuning_bins / per_octave);
  const auto highest_hz = [&](int octaves) {  // where the highest bin's band ends
    return lowest_hz * std::exp2(octaves - 1.0 / per_octave) * (1.0 + 0.5 * hann_bandwidth_bins / q);
  };
  int octaves = most_octaves;
  while (octaves > 1 && highest_hz(octaves) > highest_of_rate * rate.hz) --octaves;

  const int can_halve = static_cast<int>(std::ceil(std::log2(0.5 * rate.hz / highest_hz(octaves)))) - 2;
  const int hop_halves = std::countr_zero(static_cast<unsigned>(hop)) - octaves + 1;
  early = static_cast<std::size_t>(std::clamp(std::min(can_halve, hop_halves), 0, 16));
  const double early_rate = rate.hz / std::exp2(static_cast<double>(early));
  const double octave_hz = lowest_hz * std::exp2(octaves - 1);
  const int size = static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::ceil(q * early_rate / octave_hz))));
  for (int bin = 0; bin < per_octave; ++bin) {
    const double hz = octave_hz * std::exp2(static_cast<double>(bin) / per_octave);
    kernels.push_back(make_kernel(q * early_rate / hz, hz / early_rate, size));
  }
  halves.resize(early + static_cast<std::size_t>(octaves) - 1);
  for (int octave = 0; octave < octaves; ++octave)
    frames.emplace_back(size, hop >> (static_cast<int>(early) + octave));
  fft = dsp::Fft(size);
  spectrum.resize(static_cast<std::size_t>(fft.bins()));
  real.resize(spectrum.size());
  imaginary.resize(spectrum.size());
}

ConstantQ::ConstantQ(SampleRate rate, const ConstantQOptions& options)
    : state_(std::make_unique<State>(rate, options)) {}
ConstantQ::~ConstantQ() = default;
ConstantQ::ConstantQ(ConstantQ&&) noexcept = default;
ConstantQ& ConstantQ::operator=(ConstantQ&&) noexcept = default;

int ConstantQ::bins() const { return static_cast<int>(state_->kernels.size() * state_->frames.size()); }

void ConstantQ::add(std::span<const float> mono, const Sink& sink) {
  constexpr std::size_t block = 65536;  // so that rows of a long signal do not pile up
  for (; !mono.empty(); mono = mono.subspan(std::min(block, mono.size()))) {
    const auto part = mono.first(std::min(block, mono.size()));
    state_->length += static_cast<Frames>(part.size());
    state_->feed(0, part);
    state_->emit(sink);
  }
}

void ConstantQ::finish(const Sink& sink) {
  auto& state = *state_;
  for (std::size_t stage = 0; stage < state.halves.size(); ++stage)
    state.feed(stage + 1, state.halves[stage].finish());
  const Frames count = state.length > 0 ? 1 + state.length / state.hop : 0;
  for (std::size_t octave = 0; octave < state.frames.size(); ++octave)
    state.frames[octave].finish(count, [&](auto window) { state.take(octave, window); });
  state.emit(sink);
}

void fold_to_chroma(std::span<const float> magnitudes, int bins_per_octave, std::span<float> chroma) {
  const auto together = static_cast<std::size_t>(bins_per_octave) / chroma.size();
  std::ranges::fill(chroma, 0.0F);
  for (std::size_t k = 0; k < magnitudes.size(); ++k)
    chroma[(k + together / 2) / together % chroma.size()] += magnitudes[k];
}

}  // namespace sfa::analysis
