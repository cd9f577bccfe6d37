// The strips of a mixing desk: the tracks of a feed and the lanes that voices play on, each with volume, mute and solo.
// A strip is heard if it is not muted and, where any is soloed, is soloed.
#pragma once
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/engine/block.hpp"
#include "sfa/engine/gain_ramp.hpp"

namespace sfa::engine {

struct StripState {
  float volume = 1.0F;
  bool mute = false, solo = false;
  float peak = 0.0F;             // highest absolute sample after the gain, since the last report
};

class Mixer {
 public:
  /// `strip_channels`: how many channels each strip has.
  Mixer(const std::vector<int>& strip_channels, Frames ramp_frames);

  [[nodiscard]] int strips() const noexcept { return static_cast<int>(strips_.size()); }
  // An index that is no strip's is passed over, and so is a volume that is not finite. Changes are ramped.
  void set_volume(int strip, float volume) noexcept;
  void set_mute(int strip, bool on) noexcept;
  void set_solo(int strip, bool on) noexcept;
  /// Ends all ramps.
  void settle() noexcept;

  /// Adds `in` (as many frames as `out`, at most piece_frames, and the strip's channels) to `out`: one channel goes to
  /// the first two, others to the channel of their number, modulo out.channels.
  void render(int strip, const AudioView& in, const Block& out) noexcept;

  /// Its peak begins anew.
  [[nodiscard]] StripState take_state(int strip) noexcept;

 private:
  struct Strip {
    int channels;
    GainRamp ramp;
    StripState state;
  };
  [[nodiscard]] Strip* at(int strip) noexcept;
  void aim() noexcept;
  std::vector<Strip> strips_;
};

}  // namespace sfa::engine
