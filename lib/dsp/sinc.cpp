#include "sfa/dsp/sinc.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <numbers>
#include <numeric>
#include <utility>

#include "sfa/audio/error.hpp"
#include "sfa/dsp/lanes.hpp"

namespace sfa::dsp {
namespace {

// Eight floats side by side, in one register where the machine has such, in two elsewhere: the same sums, bit for bit.
constexpr int lanes = 8;

struct TwoRegisters {
  Lanes low, high;
  friend TwoRegisters operator+(TwoRegisters a, TwoRegisters b) { return {a.low + b.low, a.high + b.high}; }
  friend TwoRegisters operator*(TwoRegisters a, TwoRegisters b) { return {a.low * b.low, a.high * b.high}; }
  friend TwoRegisters operator*(float a, TwoRegisters b) { return {a * b.low, a * b.high}; }
};

/// Where the kernel of one place lies: eight values and eight differences to the next phase, by turns.
struct Row {
  const float* values;
  float between;
};

[[gnu::always_inline]] inline void load(TwoRegisters& eight, const float* from) {
  eight = {load_lanes(from), load_lanes(from + lanes / 2)};
}
[[gnu::always_inline]] inline float sum_of(const TwoRegisters& eight) { return sum(eight.low + eight.high); }

#if defined(__x86_64__) && defined(__GNUC__) && !defined(SFA_NO_AVX2)
#define SFA_AVX2
using OneRegister [[gnu::vector_size(lanes * sizeof(float))]] = float;

[[gnu::always_inline]] inline void load(OneRegister& eight, const float* from) {
  std::memcpy(&eight, from, sizeof eight);
}
[[gnu::always_inline]] inline float sum_of(const OneRegister& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}
#endif

template <typename Eight>
[[gnu::always_inline]] inline float convolve(const Row& row, int taps, const float* samples) {
  Eight total{}, value, step, x;
  for (int i = 0; i < taps; i += lanes) {
    load(value, row.values + 2 * i);
    load(step, row.values + 2 * i + lanes);
    load(x, samples + i);
    total = total + (value + row.between * step) * x;
  }
  return sum_of(total);
}

template <typename Eight>
[[gnu::always_inline]] inline void convolve(const Row& row, int taps, const float* left, const float* right,
                                            float& left_out, float& right_out) {
  Eight left_total{}, right_total{}, value, step, x, y;
  for (int i = 0; i < taps; i += lanes) {
    load(value, row.values + 2 * i);
    load(step, row.values + 2 * i + lanes);
    load(x, left + i);
    load(y, right + i);
    const Eight weight = value + row.between * step;
    left_total = left_total + weight * x;
    right_total = right_total + weight * y;
  }
  left_out = sum_of(left_total);
  right_out = sum_of(right_total);
}

}  // namespace

/// All that the inner loops need. `right` may be null.
struct SincKernel::Work {
  const SincKernel& kernel;
  const float *left, *right;
  std::span<const std::int32_t> whole;
  std::span<const float> part;
  float *left_out, *right_out;

  [[nodiscard]] Row row(std::size_t n) const {
    const float place = part[n] * static_cast<float>(kernel.phases_);
    const int phase = std::min(static_cast<int>(place), kernel.phases_ - 1);
    return {kernel.table_.data() + static_cast<std::size_t>(2 * phase * kernel.taps_), place - static_cast<float>(phase)};
  }

  template <typename Eight>
  [[gnu::always_inline]] inline void run() const {
    const int before = kernel.before(), taps = kernel.taps_;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const float* const first = left + whole[n] - before;
      if (right == nullptr)
        left_out[n] = convolve<Eight>(row(n), taps, first);
      else
        convolve<Eight>(row(n), taps, first, right + whole[n] - before, left_out[n], right_out[n]);
    }
  }

  void run() const {
#if defined(SFA_AVX2)
    if (__builtin_cpu_supports("avx2")) return run_avx2();
#endif
    run<TwoRegisters>();
  }

#if defined(SFA_AVX2)
  [[gnu::target("avx2")]] void run_avx2() const {
    run<OneRegister>();
  }
#endif
};

namespace {

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
    : taps_(static_cast<int>(std::ceil(base_taps * speed / lanes)) * lanes),
      phases_(std::max(4, static_cast<int>(std::ceil(base_phases / speed)))),
      table_(static_cast<std::size_t>(2 * phases_ * taps_)) {
  const double beta = 0.1102 * (stopband_db - 8.7);
  const double transition = (stopband_db - 7.95) / (14.36 * (taps_ - 1));  // in cycles per frame
  const double cutoff = 0.5 / speed - transition / 2.0;                    // its middle
  const auto row = [&](int phase) {
    std::vector<double> values(static_cast<std::size_t>(taps_));
    const double half = taps_ / 2.0;
    for (int i = 0; i < taps_; ++i) {
      const double at = i - before() - static_cast<double>(phase) / phases_;  // from the place asked for
      const double edge = 1.0 - (at / half) * (at / half);
      if (edge > 0.0) values[static_cast<std::size_t>(i)] = sinc(2.0 * cutoff * at) * bessel_i0(beta * std::sqrt(edge));
    }
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    for (auto& value : values) value /= sum;
    return values;
  };
  auto now = row(0);
  for (int phase = 0; phase < phases_; ++phase) {
    auto next = row(phase + 1);
    float* const place = table_.data() + static_cast<std::size_t>(2 * phase * taps_);
    for (int i = 0; i < taps_; ++i) {
      const auto tap = static_cast<std::size_t>(i);
      float* const value = place + i / lanes * 2 * lanes + i % lanes;
      value[0] = static_cast<float>(now[tap]);
      value[lanes] = static_cast<float>(next[tap] - now[tap]);
    }
    now = std::move(next);
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

void SincKernel::interpolate(const float* samples, std::span<const std::int32_t> whole, std::span<const float> part,
                             std::span<float> out) const noexcept {
  Work{*this, samples, nullptr, whole, part, out.data(), nullptr}.run();
}

void SincKernel::interpolate(const float* left, const float* right, std::span<const std::int32_t> whole,
                             std::span<const float> part, std::span<float> left_out,
                             std::span<float> right_out) const noexcept {
  Work{*this, left, right, whole, part, left_out.data(), right_out.data()}.run();
}

}  // namespace sfa::dsp
