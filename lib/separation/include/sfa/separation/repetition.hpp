// What comes again: a song's accompaniment repeats, its voice varies. Each frame is compared with
// all others; the median of the frames most like it, bin by bin, keeps what they share and drops
// what only some of them have.
// Rafii and Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012 (REPET-SIM),
// sections 2.2 to 2.4; similarity is taken over groups of bins instead of single ones, for speed.
#pragma once
#include "sfa/separation/magnitudes.hpp"

namespace sfa::separation {

struct Repetition {
  int count = 16;           // of most similar frames, the frame itself among them, >= 1
  Frames distance = 10;     // at least so many frames between any two of them, >= 1
};

/// How much of each value comes again, 0 to 1: the smaller of the median and the value itself,
/// over the value; 1 where that is 0. Throws Error::invalid_argument for values out of range.
[[nodiscard]] Magnitudes repeating_mask(const Magnitudes& mix, const Repetition& options = {});

}  // namespace sfa::separation
