// Samples between samples, for playing faster or slower: a windowed sinc whose cutoff follows the speed, so that
// what would fold back when played faster is taken away first.
//
// Smith and Gossett, "A flexible sampling-rate conversion method", ICASSP 1984: the kernel is tabulated at equidistant
// phases and interpolated linearly between them. The window is Kaiser's ("Nonrecursive digital filter design using
// the I0-sinh window function", ISCAS 1974; beta and width from Oppenheim and Schafer, equations 7.75 and 7.76).
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::dsp {

/// The kernel for speeds up to a limit: flat up to 0.82 of the highest frequency that may stay (0.82 of half the
/// rate at speeds up to 1), and `stopband_db` down from that frequency on.
class SincKernel {
 public:
  static constexpr double stopband_db = 90.0;
  static constexpr int base_taps = 64;    // at speeds up to 1; proportionally more above
  static constexpr double fastest = 64.0;

  /// 0 < speed <= fastest, rounded up to the next semitone; Error::invalid_argument outside. Made at the first call
  /// and kept for the whole program; from any thread. Not real-time safe.
  static const SincKernel& for_speed(double speed);

  [[nodiscard]] int taps() const noexcept { return taps_; }
  /// The signal between frames n and n + 1 needs the frames from n - before() to n - before() + taps() - 1.
  [[nodiscard]] int before() const noexcept { return taps_ / 2 - 1; }

  /// out[i] is the signal `part[i]` of the way, 0 to 1, from samples[whole[i]] to the next. Real-time safe.
  void interpolate(const float* samples, std::span<const std::int32_t> whole, std::span<const float> part,
                   std::span<float> out) const noexcept;
  /// Of two channels at once, which share the kernel.
  void interpolate(const float* left, const float* right, std::span<const std::int32_t> whole,
                   std::span<const float> part, std::span<float> left_out, std::span<float> right_out) const noexcept;

  explicit SincKernel(double speed);

 private:
  struct Work;

  int taps_;                    // a multiple of 8
  int phases_;
  std::vector<float> table_;    // phases x taps, with the differences to the next phase among them
};

}  // namespace sfa::dsp
