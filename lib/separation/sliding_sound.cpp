#include "sliding_sound.hpp"

#include <algorithm>
#include <utility>

namespace sfa::separation {

AudioBuffer SlidingSound::operator()(FrameRange range) {
  constexpr Frames block = 1 << 14;
  const Frames oldest = range.begin - 2 * range.size();
  const auto is_old = [&](const Block& held) { return held.begin + held.audio.frames() <= oldest; };
  while (!ended_ && read_ < range.end) {
    auto audio = source_(block);
    shape_ = AudioBuffer(audio.channels(), 0, audio.rate());
    ended_ = audio.frames() < block;
    held_.push_back({read_, std::move(audio)});
    read_ += held_.back().audio.frames();
    while (!held_.empty() && is_old(held_.front())) held_.pop_front();
  }
  AudioBuffer window(shape_.channels(), range.size(), shape_.rate());
  for (const auto& held : held_) {
    const auto both = intersect(range, {held.begin, held.begin + held.audio.frames()});
    for (int c = 0; c < window.channels() && !both.empty(); ++c) {
      const auto from = held.audio.channel(c).subspan(static_cast<std::size_t>(both.begin - held.begin),
                                                      static_cast<std::size_t>(both.size()));
      std::ranges::copy(from, window.channel(c).begin() + (both.begin - range.begin));
    }
  }
  return window;
}

}  // namespace sfa::separation
