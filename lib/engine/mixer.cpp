#include "sfa/engine/mixer.hpp"

#include <array>
#include <cmath>

#include "sfa/dsp/lanes.hpp"

namespace sfa::engine {

Mixer::Mixer(const std::vector<int>& strip_channels, Frames ramp_frames) {
  for (const int channels : strip_channels)
    strips_.push_back({.channels = channels, .ramp = GainRamp(1.0F, ramp_frames), .state = {}});
}

Mixer::Strip* Mixer::at(int strip) noexcept {
  return strip >= 0 && strip < strips() ? &strips_[static_cast<std::size_t>(strip)] : nullptr;
}

void Mixer::set_volume(int strip, float volume) noexcept {
  if (auto* const found = at(strip); found != nullptr && std::isfinite(volume)) found->state.volume = volume;
  aim();
}

void Mixer::set_mute(int strip, bool on) noexcept {
  if (auto* const found = at(strip)) found->state.mute = on;
  aim();
}

void Mixer::set_solo(int strip, bool on) noexcept {
  if (auto* const found = at(strip)) found->state.solo = on;
  aim();
}

void Mixer::settle() noexcept {
  for (auto& strip : strips_) strip.ramp.jump(strip.ramp.target());
}

void Mixer::aim() noexcept {
  const bool any_solo = std::ranges::any_of(strips_, [](const Strip& strip) { return strip.state.solo; });
  for (auto& [channels, ramp, state] : strips_)
    ramp.aim(state.mute || (any_solo && !state.solo) ? 0.0F : state.volume);
}

void Mixer::render(int index, const AudioView& in, const Block& out) noexcept {
  auto& strip = strips_[static_cast<std::size_t>(index)];
  const auto count = static_cast<std::size_t>(out.frames);
  std::array<float, piece_frames> gains, scaled;
  strip.ramp.fill({gains.data(), count});
  for (int c = 0; c < strip.channels; ++c) {
    const float* const samples = in.channel(c).data();
    for (std::size_t i = 0; i < count; ++i) scaled[i] = samples[i] * gains[i];
    strip.state.peak = std::max(strip.state.peak, dsp::highest({scaled.data(), count}));
    for_each_target(c, strip.channels, out.channels, [&](int target) {
      float* const sum = out.channel(target).data();
      for (std::size_t i = 0; i < count; ++i) sum[i] += scaled[i];
    });
  }
}

StripState Mixer::take_state(int index) noexcept {
  auto& state = strips_[static_cast<std::size_t>(index)].state;
  const StripState taken = state;
  state.peak = 0.0F;
  return taken;
}

}  // namespace sfa::engine
