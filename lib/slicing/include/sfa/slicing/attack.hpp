// Where exactly an attack begins, for an onset that is known to within a few hundredths of a second.
//
// An onset detector looks through windows of 20 to 50 ms. Here the signal is looked at again in
// blocks of half a millisecond: each has the energy of the signal and of its derivative (which lets a
// stick's click stand out from the low notes that ring under it). The attack begins at the block before
// which all was quiet for 10 ms in comparison with the 5 ms after it: the steepest rise on a logarithmic
// scale, as in Klapuri, "Sound onset detection by applying psychoacoustic knowledge", ICASSP 1999, section 2.2.
#pragma once
#include <span>

#include "sfa/audio/frame_range.hpp"

namespace sfa::slicing {

/// The first frame of the attack near `onset`, in `bounds` and at most 40 ms before and 30 ms after
/// `onset`; at most half a millisecond before the sound sets in. `onset` itself, cut to `bounds`,
/// where nothing rises. `bounds` lies within the signal.
[[nodiscard]] Frames attack_start(std::span<const float> signal, SampleRate rate, Frames onset, FrameRange bounds);

/// The frame at which an attack that begins at `start` is heard: the centre of the energy of its first 5 ms, in
/// the same blocks. People who mark onsets by ear and eye put them there rather than where the rise begins:
/// on the drum tracks of MDB Drums the middle of the difference is below a millisecond, and 4 ms for the start.
[[nodiscard]] Frames attack_centre(std::span<const float> signal, SampleRate rate, Frames start);

}  // namespace sfa::slicing
