#include "sfa/dsp/true_peak.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sfa::dsp {
namespace {

/// sinc(at) under a Hann window of the kernel's width.
double windowed_sinc(double at) {
  const double x = std::numbers::pi * at;
  return std::sin(x) / x * 0.5 * (1.0 + std::cos(x / (TruePeak::taps / 2.0)));
}

}  // namespace

TruePeak::TruePeak() : kernel_() {
  for (int phase = 1; phase < oversampling; ++phase) {
    float* const row = kernel_.data() + (phase - 1) * taps;
    double sum = 0.0;
    std::array<double, taps> values{};
    for (int i = 0; i < taps; ++i)  // tap taps/2 - 1 is the sample before the place asked for
      sum += values[static_cast<std::size_t>(i)] =
          windowed_sinc(i - (taps / 2 - 1) - static_cast<double>(phase) / oversampling);
    for (int i = 0; i < taps; ++i) row[i] = static_cast<float>(values[static_cast<std::size_t>(i)] / sum);
  }
}

void TruePeak::process(std::span<const float> samples, std::span<float> out) noexcept {
  for (std::size_t n = 0; n < samples.size(); ++n) {
    history_[at_] = history_[at_ + taps] = samples[n];
    at_ = (at_ + 1) % taps;
    const float* const oldest = history_.data() + at_;
    float highest = std::max(std::abs(oldest[taps / 2 - 1]), std::abs(oldest[taps / 2]));
    for (int phase = 0; phase < oversampling - 1; ++phase) {
      const float* const row = kernel_.data() + phase * taps;
      std::array<float, 4> sums{};
      for (std::size_t i = 0; i < taps; i += 4)
        for (std::size_t j = 0; j < 4; ++j) sums[j] += row[i + j] * oldest[i + j];
      highest = std::max(highest, std::abs((sums[0] + sums[2]) + (sums[1] + sums[3])));
    }
    out[n] = highest;
  }
}

void TruePeak::reset() noexcept { history_.fill(0.0F); }

}  // namespace sfa::dsp
