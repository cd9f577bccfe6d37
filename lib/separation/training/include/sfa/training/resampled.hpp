// Stretches of a sound at another rate than its own, each as it would be cut from the whole sound resampled.
#pragma once
#include "sfa/training/multitrack.hpp"

namespace sfa::training {

/// `own` reads a sound of `frames` frames at the rate `from`; what is given counts and sounds at the rate `to`. Stretches
/// are read with enough around them that the resampler's filter sees what it would see of the whole, and from frames
/// where both rates meet, so that stems of different rates stay in step. Frames beyond the sound are left out.
/// Rates are 1 Hz or more.
[[nodiscard]] StretchReader resampled(StretchReader own, SampleRate from, Frames frames, SampleRate to);

/// How many frames that sound has at the rate `to`.
[[nodiscard]] Frames resampled_frames(Frames frames, SampleRate from, SampleRate to);

}  // namespace sfa::training
