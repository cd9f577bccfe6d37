// The samples that one call is to fill: planar float32 that somebody else owns, as AudioView is
// for reading.
#pragma once
#include <algorithm>
#include <span>

#include "sfa/audio/frame_range.hpp"

namespace sfa::engine {

struct Block {
  float* data = nullptr;
  int channels = 0;
  Frames frames = 0;
  Frames stride = 0;  // samples from one channel to the next, >= frames

  [[nodiscard]] std::span<float> channel(int index) const {
    return {data + index * stride, static_cast<std::size_t>(frames)};
  }
  /// `range` must lie within the block.
  [[nodiscard]] Block part(FrameRange range) const { return {data + range.begin, channels, range.size(), stride}; }

  void clear() const {
    for (int c = 0; c < channels; ++c) std::ranges::fill(channel(c), 0.0F);
  }
};

/// What is worked on at a time, so that gains and the like fit on the stack and in the nearest cache.
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
