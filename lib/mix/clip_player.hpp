// One clip on its way into a mix. Private to lib/mix.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sfa/audio/frame_range.hpp"
#include "sfa/dsp/stream_resampler.hpp"
#include "sfa/mix/session.hpp"
#include "sfa/mix/sounds.hpp"

namespace sfa::mix {

/// A clip in frames.
struct ClipPlan {
  std::string path;
  SoundShape sound;
  FrameRange source;     // in the sound
  FrameRange place;      // in the mix, at the mix's rate
  double gain = 1.0;
  Frames fade_in = 0;    // at the mix's rate, <= place.size()
  Frames fade_out = 0;
  FadeShape fade_shape = FadeShape::equal_power;

  /// At a frame of the clip, 0 <= frame < place.size(): gain and both fades. The fade's steps lie
  /// half a frame off its ends, so that a fade-out and a fade-in of one length mirror one another.
  [[nodiscard]] double gain_at(Frames frame) const;
};

/// Reads a clip forward; the sound is open from its first frame to its last.
class ClipPlayer {
 public:
  ClipPlayer(ClipPlan plan, SampleRate mix_rate, Sounds& sounds)
      : plan_(std::move(plan)), rate_(mix_rate), sounds_(&sounds) {}

  [[nodiscard]] const ClipPlan& plan() const { return plan_; }

  /// Adds what of the clip falls into `block` of the mix to `track`, whose first frame is
  /// block.begin. Blocks come one after the other.
  void add_to(AudioBuffer& track, FrameRange block);

 private:
  void open();
  AudioBuffer read(Frames frames);
  [[nodiscard]] std::vector<float> gains_of(FrameRange part) const;  // of the clip's frames

  ClipPlan plan_;
  SampleRate rate_;
  Sounds* sounds_;
  std::unique_ptr<Sound> sound_;
  std::optional<dsp::StreamResampler> resampler_;
  Frames unread_ = 0;  // frames of plan_.source that the sound still has to give
};

}  // namespace sfa::mix
