#include "clip_player.hpp"

#include <algorithm>

#include "sfa/mix/fade.hpp"

namespace sfa::mix {

double ClipPlan::gain_at(Frames frame) const {
  double value = gain;
  if (frame < fade_in)
    value *= fade_gain(fade_shape, (static_cast<double>(frame) + 0.5) / static_cast<double>(fade_in));
  if (const Frames left = place.size() - 1 - frame; left < fade_out)
    value *= fade_gain(fade_shape, (static_cast<double>(left) + 0.5) / static_cast<double>(fade_out));
  return value;
}

void ClipPlayer::open() {
  sound_ = sounds_->open(plan_.path);
  if (plan_.source.begin > 0) sound_->seek(plan_.source.begin);
  unread_ = plan_.source.size();
  // From here on this object stays where it is: the resampler reads through it.
  resampler_.emplace(plan_.sound.channels, plan_.sound.rate, rate_, [this](Frames frames) {
    auto part = unread_ > 0 ? sound_->read(std::min(frames, unread_)) : AudioBuffer();
    unread_ -= part.frames();
    return part;
  });
}

/// All `frames`, which may take several reads; less where the sound ends early.
AudioBuffer ClipPlayer::read(Frames frames) {
  auto part = resampler_->read(frames);
  if (part.frames() == frames || part.frames() == 0) return part;
  AudioBuffer whole(plan_.sound.channels, frames, rate_);
  Frames filled = 0;
  while (part.frames() > 0) {
    for (int c = 0; c < whole.channels(); ++c)
      std::ranges::copy(part.channel(c), whole.channel(c).begin() + filled);
    filled += part.frames();
    if (filled == frames) return whole;
    part = resampler_->read(frames - filled);
  }
  return AudioBuffer(whole.view().slice({0, filled}));
}

/// Outside the fades all are the clip's gain.
std::vector<float> ClipPlayer::gains_of(FrameRange part) const {
  std::vector<float> gains(static_cast<std::size_t>(part.size()), static_cast<float>(plan_.gain));
  if (part.begin < plan_.fade_in || part.end > plan_.place.size() - plan_.fade_out)
    for (Frames frame = part.begin; frame < part.end; ++frame)
      gains[static_cast<std::size_t>(frame - part.begin)] = static_cast<float>(plan_.gain_at(frame));
  return gains;
}

void ClipPlayer::add_to(AudioBuffer& track, FrameRange block) {
  const auto part = intersect(block, plan_.place);
  if (part.empty()) return;
  if (!sound_) open();
  const auto samples = read(part.size());
  const Frames into_clip = part.begin - plan_.place.begin, into_track = part.begin - block.begin;
  const auto gains = gains_of({into_clip, into_clip + samples.frames()});
  const bool mono = samples.channels() == 1;
  for (int c = 0; c < (mono ? std::min(2, track.channels()) : samples.channels()); ++c) {
    const auto in = samples.channel(mono ? 0 : c);
    const auto out = track.channel(c).subspan(static_cast<std::size_t>(into_track), in.size());
    for (std::size_t n = 0; n < in.size(); ++n) out[n] += gains[n] * in[n];
  }
  if (part.end == plan_.place.end) {
    resampler_.reset();
    sound_.reset();
  }
}

}  // namespace sfa::mix
