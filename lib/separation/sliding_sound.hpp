// A sound that is read once, from its beginning to its end, as the SoundWindow that a Segmenter looks through.
#pragma once
#include <deque>

#include "sfa/separation/engine.hpp"
#include "sfa/separation/segmenter.hpp"

namespace sfa::separation {

class SlidingSound {
 public:
  explicit SlidingSound(BlockSource source) : source_(std::move(source)) {}

  /// `range` may lie before that of the last call by up to twice its size.
  [[nodiscard]] AudioBuffer operator()(FrameRange range);

 private:
  struct Block {
    Frames begin;
    AudioBuffer audio;
  };
  BlockSource source_;
  std::deque<Block> held_;
  Frames read_ = 0;
  bool ended_ = false;
  AudioBuffer shape_;  // of the blocks, without frames
};

}  // namespace sfa::separation
