// A gain that moves to its target along a straight line, so that a switch makes no click. The
// value depends only on how many frames have passed since the target was set, never on how they
// were cut into blocks.
#pragma once
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::engine {

class GainRamp {
 public:
  /// Stands at `value`; a later change takes `length` >= 1 frames.
  GainRamp(float value, Frames length) : from_(value), target_(value), length_(length) {}

  /// Sets out for `target` from where it is now.
  void aim(float target) noexcept {
    if (target == target_) return;
    from_ = value();
    target_ = target;
    left_ = length_;
  }
  /// Is there at once.
  void jump(float value) noexcept {
    from_ = target_ = value;
    left_ = 0;
  }

  [[nodiscard]] float value() const noexcept {
    return left_ == 0 ? target_
                      : target_ + (from_ - target_) * (static_cast<float>(left_) / static_cast<float>(length_));
  }
  [[nodiscard]] float target() const noexcept { return target_; }
  /// Frames until the target is reached.
  [[nodiscard]] Frames left() const noexcept { return left_; }

  /// The gains of the next frames; the first of a change is one step away from where it began.
  void fill(std::span<float> gains) noexcept {
    for (auto& gain : gains) {
      if (left_ > 0) --left_;
      gain = value();
    }
  }

 private:
  float from_;
  float target_;
  Frames length_;
  Frames left_ = 0;
};

}  // namespace sfa::engine
