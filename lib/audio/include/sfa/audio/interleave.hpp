// Planar audio as interleaved samples, as files and other libraries want them: frame after frame.
#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "sfa/audio/buffer.hpp"

namespace sfa {

/// Into `samples`, which takes their size.
inline void interleave(const AudioView& audio, std::vector<float>& samples) {
  const auto channels = static_cast<std::size_t>(audio.channels());
  samples.resize(channels * static_cast<std::size_t>(audio.frames()));
  for (std::size_t c = 0; c < channels; ++c) {
    auto* to = samples.data() + c;
    for (const float sample : audio.channel(static_cast<int>(c))) {
      *to = sample;
      to += channels;
    }
  }
}

/// Calls `use` with the interleaved samples of one block after another.
template <typename Use>
void for_each_interleaved_block(const AudioView& audio, Use use) {
  constexpr Frames block = 4096;
  std::vector<float> samples;
  for (Frames at = 0; at < audio.frames(); at += block) {
    interleave(audio.slice({at, at + block}), samples);
    use(std::span<const float>(samples));
  }
}

}  // namespace sfa
