// Which stretch of a song tells most about it, for somebody who wants to hear only so much: the one of highest
// energy, which in a song with quiet verses is where most plays at once.
#pragma once
#include <vector>

#include "sfa/audio/buffer.hpp"

namespace sfa::separation {

class TellingStretch {
 public:
  /// Positions are whole seconds.
  explicit TellingStretch(SampleRate rate) : rate_(rate) {}

  void add(const AudioView& audio);

  /// Of all stretches of `length` that begin at a whole second, the one whose samples' squares have the largest
  /// sum, counted by whole seconds; of several the first. The whole sound if that is no longer.
  [[nodiscard]] FrameRange choose(Frames length) const;

 private:
  SampleRate rate_;
  Frames frames_ = 0;
  std::vector<double> energy_;  // of each second
};

}  // namespace sfa::separation
