#include "sfa/engine/track_mixer.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace sfa::engine {

TrackMixer::TrackMixer(const std::vector<int>& track_channels, Frames ramp_frames) {
  int first = 0;
  for (const int channels : track_channels) {
    tracks_.push_back({.first_channel = first, .channels = channels, .ramp = GainRamp(1.0F, ramp_frames)});
    first += channels;
  }
}

void TrackMixer::set_mute(int track, bool on) noexcept {
  if (track < 0 || track >= tracks()) return;
  tracks_[static_cast<std::size_t>(track)].mute = on;
  aim();
}

void TrackMixer::set_solo(int track, bool on) noexcept {
  if (track < 0 || track >= tracks()) return;
  tracks_[static_cast<std::size_t>(track)].solo = on;
  aim();
}

void TrackMixer::settle() noexcept {
  for (auto& track : tracks_) track.ramp.jump(track.ramp.target());
}

void TrackMixer::aim() noexcept {
  const bool any_solo = std::ranges::any_of(tracks_, &Track::solo);
  for (auto& track : tracks_) track.ramp.aim(track.mute || (any_solo && !track.solo) ? 0.0F : 1.0F);
}

void TrackMixer::render(const AudioView& in, const Block& out) noexcept {
  for (auto& track : tracks_) render(track, in, out);
}

void TrackMixer::render(Track& track, const AudioView& in, const Block& out) noexcept {
  std::array<float, piece_frames> gains;
  for_each_piece(out.frames, piece_frames, [&](FrameRange piece) {
    const auto count = static_cast<std::size_t>(piece.size());
    track.ramp.fill({gains.data(), count});
    for (int c = 0; c < track.channels; ++c) {
      const float* const samples = in.channel(track.first_channel + c).data() + piece.begin;
      for (std::size_t i = 0; i < count; ++i) track.peak = std::max(track.peak, std::abs(samples[i] * gains[i]));
      for_each_target(c, track.channels, out.channels, [&](int target) {
        float* const sum = out.channel(target).data() + piece.begin;
        for (std::size_t i = 0; i < count; ++i) sum[i] += samples[i] * gains[i];
      });
    }
  });
}

float TrackMixer::take_peak(int track) noexcept {
  return std::exchange(tracks_[static_cast<std::size_t>(track)].peak, 0.0F);
}

}  // namespace sfa::engine
