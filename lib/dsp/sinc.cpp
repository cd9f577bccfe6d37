#include "sfa/dsp/sinc.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

#include "sfa/audio/error.hpp"
#include "sfa/dsp/lanes.hpp"

namespace sfa::dsp {
namespace {

/// Of taps i to i + 3 at `between` of the way from a row of the table to the next.
Lanes weight(const float* row, int taps, int i, float between) {
  const Lanes low = load_lanes(row + i);
  return low + between * (load_lanes(row + taps + i) - low);
}
constexpr int base_phases = 256;  // linear interpolation between them errs by (pi / 256)^2 / 8: -94 dB

/// The modified Bessel function of the first kind and order 0, by its power series.
double bessel_i0(double x) {
  double sum = 1.0, term = 1.0;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

double sinc(double x) { return x == 0.0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

}  // namespace

SincKernel::SincKernel(double speed)
    : taps_(static_cast<int>(std::ceil(base_taps * speed / (2 * lane_count))) * 2 * lane_count),
      phases_(std::max(4, static_cast<int>(std::ceil(base_phases / speed)))),
      table_(static_cast<std::size_t>((phases_ + 1) * taps_)) {
  const double beta = 0.1102 * (stopband_db - 8.7);
  const double transition = (stopband_db - 7.95) / (14.36 * (taps_ - 1));  // in cycles per frame
  const double cutoff = 0.5 / speed - transition / 2.0;                    // its middle
  const double half = taps_ / 2.0;
  for (int p = 0; p <= phases_; ++p) {
    float* const row = table_.data() + static_cast<std::size_t>(p * taps_);
    double sum = 0.0;
    std::vector<double> values(static_cast<std::size_t>(taps_));
    for (int i = 0; i < taps_; ++i) {
      const double at = i - before() - static_cast<double>(p) / phases_;  // from the place asked for
      const double edge = 1.0 - (at / half) * (at / half);
      const double value = edge <= 0.0 ? 0.0 : sinc(2.0 * cutoff * at) * bessel_i0(beta * std::sqrt(edge));
      values[static_cast<std::size_t>(i)] = value;
      sum += value;
    }
    for (int i = 0; i < taps_; ++i) row[i] = static_cast<float>(values[static_cast<std::size_t>(i)] / sum);
  }
}

const SincKernel& SincKernel::for_speed(double speed) {
  if (!(speed > 0.0 && speed <= fastest))
    throw Error(Error::Kind::invalid_argument, "a speed must be above 0 and at most 64");
  static std::mutex mutex;
  static std::map<int, SincKernel> kernels;  // by semitones above the speed 1
  const int semitones = speed <= 1.0 ? 0 : static_cast<int>(std::ceil(12.0 * std::log2(speed) - 1e-9));
  const std::lock_guard lock(mutex);
  return kernels.try_emplace(semitones, std::exp2(semitones / 12.0)).first->second;
}

SincKernel::Row SincKernel::row(float part) const noexcept {
  const float place = part * static_cast<float>(phases_);
  const int phase = std::min(static_cast<int>(place), phases_ - 1);
  return {table_.data() + static_cast<std::size_t>(phase * taps_), place - static_cast<float>(phase)};
}

void SincKernel::interpolate(const float* samples, std::span<const std::int32_t> whole, std::span<const float> part,
                             std::span<float> out) const noexcept {
  for (std::size_t n = 0; n < out.size(); ++n) {
    const auto [low, between] = row(part[n]);
    const float* const first = samples + whole[n] - before();
    Lanes a{}, b{};
    for (int i = 0; i < taps_; i += 2 * lane_count) {
      a += weight(low, taps_, i, between) * load_lanes(first + i);
      b += weight(low, taps_, i + lane_count, between) * load_lanes(first + i + lane_count);
    }
    out[n] = sum(a + b);
  }
}

void SincKernel::interpolate(const float* left, const float* right, std::span<const std::int32_t> whole,
                             std::span<const float> part, std::span<float> left_out,
                             std::span<float> right_out) const noexcept {
  for (std::size_t n = 0; n < left_out.size(); ++n) {
    const auto [low, between] = row(part[n]);
    const float* const first = left + whole[n] - before();
    const float* const second = right + whole[n] - before();
    Lanes a{}, b{}, c{}, d{};
    for (int i = 0; i < taps_; i += 2 * lane_count) {
      const Lanes even = weight(low, taps_, i, between), odd = weight(low, taps_, i + lane_count, between);
      a += even * load_lanes(first + i);
      b += odd * load_lanes(first + i + lane_count);
      c += even * load_lanes(second + i);
      d += odd * load_lanes(second + i + lane_count);
    }
    left_out[n] = sum(a + b);
    right_out[n] = sum(c + d);
  }
}

}  // namespace sfa::dsp
