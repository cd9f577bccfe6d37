// Tracks that play in step, each with mute and solo. A track is heard if it is not muted
// and, where any is soloed, is soloed.
#pragma once
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/engine/block.hpp"
#include "sfa/engine/gain_ramp.hpp"

namespace sfa::engine {

class TrackMixer {
 public:
  /// `track_channels`: how many of the feed's channels each track has, in order.
  TrackMixer(const std::vector<int>& track_channels, Frames ramp_frames);

  [[nodiscard]] int tracks() const noexcept { return static_cast<int>(tracks_.size()); }
  // An index that is no track's is passed over. Changes are ramped.
  void set_mute(int track, bool on) noexcept;
  void set_solo(int track, bool on) noexcept;
  /// Ends all ramps.
  void settle() noexcept;

  /// Adds `in` (as many frames as `out`) to `out`, channels as Voice::render puts them.
  void render(const AudioView& in, const Block& out) noexcept;

  /// The highest absolute sample after the gain since the last call.
  [[nodiscard]] float take_peak(int track) noexcept;

 private:
  struct Track {
    int first_channel, channels;
    GainRamp ramp;
    bool mute = false, solo = false;
    float peak = 0.0F;
  };
  void aim() noexcept;
  void render(Track& track, const AudioView& in, const Block& out) noexcept;
  std::vector<Track> tracks_;
};

}  // namespace sfa::engine
