// The samples that one call is to fill or change: planar float32 that somebody else owns, as AudioView is
// for reading.
#pragma once
#include <algorithm>
#include <span>

#include "sfa/audio/buffer.hpp"

namespace sfa {

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

  [[nodiscard]] AudioView view(SampleRate rate) const { return {data, channels, frames, stride, rate}; }

  void clear() const {
    for (int c = 0; c < channels; ++c) std::ranges::fill(channel(c), 0.0F);
  }
};

/// All of `buffer`.
[[nodiscard]] inline Block block_of(AudioBuffer& buffer) {
  return {buffer.channel(0).data(), buffer.channels(), buffer.frames(), buffer.frames()};
}

}  // namespace sfa
