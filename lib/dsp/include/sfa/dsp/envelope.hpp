// A gain that rises from silence, holds, and once released falls to silence again, in straight lines. It is a
// function of the frame alone, so that cutting it into blocks changes nothing; the released part starts from
// wherever the rise has come to, so that it never jumps.
#pragma once
#include <algorithm>
#include <limits>
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::dsp {

struct Envelope {
  static constexpr Frames never = std::numeric_limits<Frames>::max() / 2;

  Frames attack_frames = 0;      // to reach 1; 0: is there at once
  Frames release_at = never;     // the first frame of the fall
  Frames release_frames = 1;     // >= 1

  /// The gain of a frame, counted from the start. It is above 0 from the start to end() and 0 afterwards.
  [[nodiscard]] double gain(Frames frame) const noexcept {
    const Frames risen = std::min({frame, release_at, attack_frames});
    const double rise = static_cast<double>(risen + 1) / static_cast<double>(attack_frames + 1);
    if (frame < release_at) return rise;
    const Frames left = release_at + release_frames - frame;
    return left <= 0 ? 0.0 : rise * static_cast<double>(left) / static_cast<double>(release_frames + 1);
  }
  /// Whether it is 1 all over the `count` frames from `first` on.
  [[nodiscard]] bool is_flat(Frames first, Frames count) const noexcept {
    return first >= attack_frames && first + count <= release_at;
  }
  /// The first frame after the fall.
  [[nodiscard]] Frames end() const noexcept { return release_at + release_frames; }
};

}  // namespace sfa::dsp
