#include "sfa/engine/voice_pool.hpp"

#include <algorithm>

namespace sfa::engine {

VoicePool::VoicePool(int voices, int lanes, Frames release, SampleRate rate)
    : limit_(voices),
      lanes_(lanes),
      release_(release),
      fade_(std::max<Frames>(1, to_frames(steal_fade, rate))),
      rate_(rate),
      slots_(2 * static_cast<std::size_t>(voices)) {}

/// Among those that neither are free nor fade out already.
VoicePool::Slot* VoicePool::to_steal() noexcept {
  const auto gives_way_before = [](const Slot& a, const Slot& b) {
    const Frames a_released = std::max<Frames>(-1, a.voice.released_for());
    const Frames b_released = std::max<Frames>(-1, b.voice.released_for());
    if (a_released != b_released) return a_released > b_released;
    if (a_released < 0 && a.voice.level() != b.voice.level()) return a.voice.level() < b.voice.level();
    return a.number < b.number;
  };
  Slot* first = nullptr;
  for (auto& slot : slots_) {
    if (!slot.voice.active() || slot.voice.fading()) continue;
    if (first == nullptr || gives_way_before(slot, *first)) first = &slot;
  }
  return first;
}

/// With none free the one that is nearest to its end is cut short: it is all but silent.
VoicePool::Slot& VoicePool::free_slot() noexcept {
  Slot* nearest = nullptr;
  for (auto& slot : slots_) {
    if (!slot.voice.active()) return slot;
    if (!slot.voice.fading()) continue;
    if (nearest == nullptr || slot.voice.left() < nearest->voice.left()) nearest = &slot;
  }
  end(*nearest);  // at most half of the slots do not fade
  return *nearest;
}

void VoicePool::end(Slot& slot) noexcept {
  if (slot.voice.slot() != nullptr) slot.voice.slot()->give_back();
  slot.voice = Voice();
}

void VoicePool::start(const Trigger& trigger, bool timed) noexcept {
  if (!sound(trigger) || trigger.lane < 0 || trigger.lane >= lanes_) return;
  const Sample* const sample = trigger.sample->take();
  if (sample == nullptr) {
    ++missing_;
    return;
  }
  int holding = 0;
  for (auto& slot : slots_) {
    if (!slot.voice.active() || slot.voice.fading()) continue;
    if (trigger.mute_group > 0 && slot.voice.mute_group() == trigger.mute_group)
      slot.voice.fade(fade_);
    else
      ++holding;
  }
  if (holding >= limit_) {
    to_steal()->voice.fade(fade_);
    ++stolen_;
  }
  auto& slot = free_slot();
  end(slot);
  slot.voice.start(trigger, *sample, release_, rate_);
  slot.timed = timed;
  slot.number = ++started_;
}

void VoicePool::change_tempo(TempoRatio from, TempoRatio to) noexcept {
  for (auto& slot : slots_)
    if (slot.voice.active() && slot.timed) slot.voice.change_tempo(from, to);
}

void VoicePool::render(std::span<const Block> lanes) noexcept {
  for (auto& slot : slots_) {
    if (slot.voice.active()) slot.voice.render(lanes[static_cast<std::size_t>(slot.voice.lane())], scratch_);
    if (!slot.voice.active() && slot.voice.slot() != nullptr) end(slot);
  }
}

void VoicePool::release_all(int lane) noexcept {
  for (auto& slot : slots_)
    if (slot.voice.active() && (lane == every_lane || slot.voice.lane() == lane)) slot.voice.release();
}

void VoicePool::silence() noexcept {
  for (auto& slot : slots_) end(slot);
}

int VoicePool::active() const noexcept {
  return static_cast<int>(std::ranges::count_if(slots_, [](const Slot& slot) { return slot.voice.active(); }));
}

}  // namespace sfa::engine
