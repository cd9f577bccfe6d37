// A song in its stems, as the trainer reads it: stretches of any stem, at will.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/frame_range.hpp"

namespace sfa::training {

/// Reads frames of one stem as stereo at the trainer's rate; called from several threads at once.
using StretchReader = std::function<AudioBuffer(FrameRange range)>;

struct Multitrack {
  std::string name;
  Frames frames = 0;                  // of the longest stem; past the end of a shorter one there is silence
  std::vector<StretchReader> stems;   // in the order of the network's sources; none: silent throughout
};

}  // namespace sfa::training
