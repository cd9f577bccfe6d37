#include "sfa/slicing/pitch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <vector>

#include "sfa/dsp/fft.hpp"

namespace sfa::slicing {
namespace {

constexpr double lowest_hz = 40.0, highest_hz = 2000.0;
constexpr double absolute_threshold = 0.15;  // step 4 of the paper takes 0.1 for clean speech, table I up to 0.2

/// Two of the longest period, with a margin for the parabola.
std::size_t window_frames(SampleRate rate) {
  return 2 * (static_cast<std::size_t>(std::ceil(rate.hz / lowest_hz)) + 2);
}

/// Step 2, d(lag) = sum over a window of (x[j] - x[j + lag])^2, by way of equation 7: two energies less
/// twice a correlation, which a transform gives for all lags at once.
std::vector<double> difference(std::span<const float> signal, std::size_t window) {
  const std::size_t lags = signal.size() - window;
  const auto size = static_cast<int>(std::bit_ceil(signal.size() + window));
  dsp::Fft fft(size);
  std::vector<float> time(static_cast<std::size_t>(size));
  std::vector<std::complex<float>> whole(static_cast<std::size_t>(fft.bins())), head(whole.size());
  std::ranges::copy(signal, time.begin());
  fft.forward(time, whole);
  std::fill(time.begin() + static_cast<std::ptrdiff_t>(window), time.end(), 0.0F);
  fft.forward(time, head);
  for (std::size_t k = 0; k < whole.size(); ++k) whole[k] *= std::conj(head[k]);
  fft.inverse(whole, time);

  double first = 0.0;
  for (std::size_t j = 0; j < window; ++j) first += double{signal[j]} * signal[j];
  std::vector<double> values(lags);
  double energy = first;
  for (std::size_t lag = 0; lag < lags; ++lag) {
    values[lag] = std::max(0.0, first + energy - 2.0 * time[lag]);
    energy += double{signal[lag + window]} * signal[lag + window] - double{signal[lag]} * signal[lag];
  }
  return values;
}

/// Step 3: divided by the mean of all shorter lags; 1 at lag 0.
void normalize(std::vector<double>& values) {
  double sum = 0.0;
  for (std::size_t lag = 1; lag < values.size(); ++lag) {
    sum += values[lag];
    values[lag] = sum > 0.0 ? values[lag] * static_cast<double>(lag) / sum : 1.0;
  }
  values.front() = 1.0;
}

/// Step 5: the extremum of the parabola through three neighbours, as an offset from the middle one.
double parabolic_offset(double left, double middle, double right) {
  const double curvature = left - 2.0 * middle + right;
  return curvature > 0.0 ? std::clamp(0.5 * (left - right) / curvature, -0.5, 0.5) : 0.0;
}

}  // namespace

Pitch pitch_at(std::span<const float> signal, SampleRate rate, Frames begin) {
  const std::size_t longest = window_frames(rate) / 2;
  const auto shortest = static_cast<std::size_t>(std::max(2.0, std::floor(rate.hz / highest_hz)));
  if (begin < 0 || static_cast<std::size_t>(begin) + 2 * longest > signal.size()) return {};
  const auto part = signal.subspan(static_cast<std::size_t>(begin), 2 * longest);
  if (std::ranges::all_of(part, [](float value) { return std::abs(value) < 1e-5F; })) return {};

  auto values = difference(part, longest);
  normalize(values);
  // Step 4: the first dip below the threshold, down to its bottom; else the deepest dip of all.
  std::size_t lag = shortest;
  while (lag + 1 < values.size() && values[lag] >= absolute_threshold) ++lag;
  if (lag + 1 >= values.size())
    lag = static_cast<std::size_t>(
        std::min_element(values.begin() + static_cast<std::ptrdiff_t>(shortest), values.end() - 1) -
        values.begin());
  while (lag + 2 < values.size() && values[lag + 1] < values[lag]) ++lag;
  const double period = static_cast<double>(lag) + parabolic_offset(values[lag - 1], values[lag],
                                                                    values[std::min(lag + 1, values.size() - 1)]);
  const double frequency = rate.hz / period;
  if (frequency < lowest_hz || frequency > highest_hz) return {};
  return {frequency, std::clamp(values[lag], 0.0, 1.0)};
}

Pitch steady_pitch(std::span<const float> signal, SampleRate rate) {
  const auto step = to_frames({0.08}, rate);
  const auto end =
      std::min<Frames>(rate.hz, static_cast<Frames>(signal.size()) - static_cast<Frames>(window_frames(rate)));
  std::vector<Pitch> found;
  std::size_t windows = 0;
  for (Frames begin = to_frames({0.02}, rate); begin < end; begin += step) {
    const Pitch pitch = pitch_at(signal, rate, begin);
    if (pitch.frequency_hz > 0.0) found.push_back(pitch);
    ++windows;
  }
  if (found.empty()) return {};
  const auto middle = found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2);
  std::ranges::nth_element(found, middle, {}, &Pitch::frequency_hz);
  const double frequency = middle->frequency_hz;
  std::vector<double> rest;
  for (const Pitch& pitch : found)
    if (std::abs(12.0 * std::log2(pitch.frequency_hz / frequency)) <= 0.5) rest.push_back(pitch.aperiodicity);
  if (2 * rest.size() < windows) return {};
  std::ranges::nth_element(rest, rest.begin() + static_cast<std::ptrdiff_t>(rest.size() / 2));
  return {frequency, rest[rest.size() / 2]};
}

int midi_note(double frequency_hz) {
  return static_cast<int>(std::clamp(std::lround(69.0 + 12.0 * std::log2(frequency_hz / 440.0)), 0L, 127L));
}

}  // namespace sfa::slicing
