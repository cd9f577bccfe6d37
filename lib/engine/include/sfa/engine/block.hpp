// How the engine cuts and places what it fills.
#pragma once
#include "sfa/audio/block.hpp"

namespace sfa::engine {

using sfa::Block;

/// What the engine makes at a time, however much it is asked for: so that nothing depends on that, and gains and the
/// like lie in the nearest cache.
inline constexpr Frames piece_frames = 64;

/// Calls `work` on the block's frames in pieces of at most `limit`.
template <typename Work>
void for_each_piece(Frames frames, Frames limit, Work&& work) {
  for (Frames begin = 0; begin < frames; begin += limit) work(FrameRange{begin, std::min(begin + limit, frames)});
}

/// Calls `work(channel of out)` for each channel of the output where channel `index` of `channels`
/// goes: one channel to the first two, others to their own number modulo `out_channels`.
template <typename Work>
void for_each_target(int index, int channels, int out_channels, Work&& work) {
  if (channels == 1 && out_channels > 1) {
    work(0);
    work(1);
  } else {
    work(index % out_channels);
  }
}

}  // namespace sfa::engine
