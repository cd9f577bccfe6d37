// A signal that arrives piece by piece, at half its rate.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <vector>

#include "dot.hpp"

namespace sfa::analysis {

/// Sample i of the result lies at sample 2 i of the signal, which is zero outside itself. The filter is a sinc under
/// a Kaiser window (Oppenheim and Schafer, "Discrete-Time Signal Processing", section 7.5.3): flat to 0.91 of the
/// new Nyquist frequency and 120 dB down from that frequency on.
class HalfBand {
 public:
  HalfBand() : pending_(reach, 0.0F) {
    for (int i = 0; i < size; ++i) {
      const double n = i - reach, edge = n / (reach + 1);
      const double turns = 2.0 * cutoff * n;
      const double sinc = n == 0.0 ? 2.0 * cutoff : std::sin(std::numbers::pi * turns) / (std::numbers::pi * n);
      taps_[static_cast<std::size_t>(i)] = static_cast<float>(
          sinc * std::cyl_bessel_i(0.0, beta * std::sqrt(1.0 - edge * edge)) / std::cyl_bessel_i(0.0, beta));
    }
  }

  /// What the next samples complete; valid until the next call.
  [[nodiscard]] std::span<const float> add(std::span<const float> samples) {
    pending_.insert(pending_.end(), samples.begin(), samples.end());
    return take();
  }

  /// The rest, so that there are half as many samples in all, rounded up.
  [[nodiscard]] std::span<const float> finish() {
    pending_.resize(pending_.size() + reach, 0.0F);
    return take();
  }

 private:
  static constexpr int reach = 180, size = 2 * reach + 1;  // samples to either side, and taps
  static constexpr double cutoff = 0.239, beta = 12.26;    // of the old rate; 120 dB by Kaiser's formula

  std::span<const float> take() {
    out_.clear();
    std::size_t at = 0;  // of the window's first sample
    for (; at + size <= pending_.size(); at += 2) out_.push_back(dot(taps_.data(), pending_.data() + at, size));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
    return out_;
  }

  std::array<float, size> taps_{};
  std::vector<float> pending_, out_;
};

}  // namespace sfa::analysis
