// Where a cut makes no click: where the sum of all channels is about to rise through zero.
#pragma once
#include "sfa/audio/buffer.hpp"

namespace sfa::slicing {

/// Whether the sum of all channels goes from not above zero, in the frame before, to not below zero
/// in this one. True throughout digital silence and at frame 0.
[[nodiscard]] bool rises_through_zero(const AudioView& audio, Frames frame);

/// How far a cut may move.
struct SnapReach {
  Frames before = 0;  // >= 0
  Frames after = 0;   // >= 0
};

/// The frame nearest to `frame` at which audio rises_through_zero, the earlier of two; `frame` itself
/// if there is none within `reach`. 0 <= frame < audio.frames().
[[nodiscard]] Frames snap_to_zero(const AudioView& audio, Frames frame, SnapReach reach);

}  // namespace sfa::slicing
