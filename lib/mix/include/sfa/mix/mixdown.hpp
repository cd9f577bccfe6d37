// A session played into a mix, block by block: memory depends on the number of clips that sound at
// once, not on how long they are.
//
//   clip:   cut from its file, resampled to the mix's rate, x clip gain x fades
//   track:  sum of its clips, x track gain x pan x master gain: what track() shows
//   mix:    sum of the heard tracks, in the session's order, in 32-bit float: what mix() shows
//
// So the tracks add up to the mix to the last bit, if they are added in that order in 32-bit float.
// The same session gives the same samples at any block size.
#pragma once
#include <memory>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/mix/session.hpp"
#include "sfa/mix/sounds.hpp"

namespace sfa::mix {

class Mixdown {
 public:
  /// `gain_db` is added to the master's. `sounds` must live as long as this. The mix has two
  /// channels, or as many as the clip with the most; mono clips go to the first two, others
  /// channel by channel; pan weighs the first two. Throws Error::invalid_data for a session without
  /// sound or whose values are outside session.hpp's ranges, and what `sounds` throws.
  Mixdown(const Session& session, Sounds& sounds, double gain_db = 0.0);
  ~Mixdown();
  Mixdown(Mixdown&&) noexcept;
  Mixdown& operator=(Mixdown&&) noexcept;

  [[nodiscard]] SampleRate rate() const;
  [[nodiscard]] int channels() const;
  [[nodiscard]] Frames frames() const;    // of the whole mix
  [[nodiscard]] Frames position() const;  // frames rendered so far

  /// Renders the next `frames` >= 1 frames, fewer at the end. False if none were left.
  bool render(Frames frames);

  /// The last rendered block: the mix, and a track (silent where it is not heard).
  [[nodiscard]] AudioView mix() const;
  [[nodiscard]] AudioView track(std::size_t index) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::mix
