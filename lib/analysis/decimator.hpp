// A signal that arrives piece by piece, at an n-th of its rate: low-pass filtered, then every n-th sample.
#pragma once
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>
#include <span>
#include <vector>

namespace sfa::analysis {

/// Sample i of the result lies at sample i * factor of the signal, which is zero outside itself. The filter is
/// a windowed sinc (Blackman; Oppenheim and Schafer, "Discrete-Time Signal Processing", section 7.5): flat
/// within 0.1 dB to 0.33 of the new rate, and 70 dB down from 0.67 of it on, so nothing folds below 0.33.
class Decimator {
 public:
  /// `factor` >= 1; 1 passes the signal through.
  explicit Decimator(int factor) : factor_(static_cast<std::size_t>(factor)) {
    if (factor_ == 1) return;
    const std::size_t size = 16 * factor_ + 1;
    taps_.resize(size);
    const double turn = 2.0 * std::numbers::pi;
    for (std::size_t i = 0; i < size; ++i) {
      const double x = (static_cast<double>(i) - static_cast<double>(size / 2)) / static_cast<double>(factor_);
      const double phase = turn * static_cast<double>(i) / static_cast<double>(size - 1);
      const double sinc = x == 0.0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
      taps_[i] = static_cast<float>(sinc * (0.42 - 0.5 * std::cos(phase) + 0.08 * std::cos(2.0 * phase)));
    }
    const float sum = std::accumulate(taps_.begin(), taps_.end(), 0.0F);
    for (float& tap : taps_) tap /= sum;
    pending_.assign(size / 2, 0.0F);
  }

  /// What the next samples complete; valid until the next call.
  [[nodiscard]] std::span<const float> add(std::span<const float> samples) {
    if (factor_ == 1) return samples;
    pending_.insert(pending_.end(), samples.begin(), samples.end());
    out_.clear();
    std::size_t at = 0;
    for (; at + taps_.size() <= pending_.size(); at += factor_) {
      float sum = 0.0F;
      for (std::size_t i = 0; i < taps_.size(); ++i) sum += taps_[i] * pending_[at + i];
      out_.push_back(sum);
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
    return out_;
  }

  /// The rest.
  [[nodiscard]] std::span<const float> finish() {
    if (factor_ == 1) return {};
    return add(std::vector<float>(taps_.size() / 2, 0.0F));
  }

 private:
  std::size_t factor_;
  std::vector<float> taps_, pending_, out_;
};

/// The largest divisor of `rate_hz` that leaves at least `least_hz`, 1 where there is none.
[[nodiscard]] inline int decimation(int rate_hz, int least_hz) {
  for (int factor = rate_hz / least_hz; factor > 1; --factor)
    if (rate_hz % factor == 0) return factor;
  return 1;
}

}  // namespace sfa::analysis
