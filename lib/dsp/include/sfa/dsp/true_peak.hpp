// The peaks of a signal between its samples, as ITU-R BS.1770-4, annex 2, estimates them: four times oversampled.
// The interpolator is longer than the annex's example (24 taps a phase for 12), so that it holds further up.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::dsp {

/// One channel. Real-time safe after construction.
class TruePeak {
 public:
  static constexpr int oversampling = 4;
  static constexpr int taps = 24;
  /// So many frames after a sample comes in, peaks around it are told.
  static constexpr Frames delay_frames = taps / 2;

  TruePeak();

  /// out[i]: the highest absolute value from the sample that came in delay_frames before samples[i] up to the next
  /// one, both included. Both spans are equally long.
  void process(std::span<const float> samples, std::span<float> out) noexcept;
  void reset() noexcept;

 private:
  std::array<float, static_cast<std::size_t>((oversampling - 1) * taps)> kernel_;
  std::array<float, 2 * taps> history_{};  // twice over, so that the newest taps always lie in a row
  std::size_t at_ = 0;
};

}  // namespace sfa::dsp
