#include "sfa/engine/voice.hpp"

#include <array>
#include <limits>

#include "sfa/engine/interpolate.hpp"
#include "sfa/engine/track_mixer.hpp"

namespace sfa::engine {
namespace {

constexpr Frames piece_frames = 64;
constexpr Frames never = std::numeric_limits<Frames>::max() / 2;
constexpr double slowest = 1.0 / 64.0, fastest = 64.0;

Frames natural_frames(Frames size, double speed) {
  return size <= 0 ? 0 : static_cast<Frames>(static_cast<double>(size - 1) / speed) + 1;
}

}  // namespace

bool sound(const Trigger& trigger) noexcept {
  return trigger.slice.begin >= 0 && trigger.fade_in_frames >= 0 && trigger.fade_out_frames >= 0 &&
         std::isfinite(trigger.gain) && std::isfinite(trigger.pan) && trigger.speed >= slowest &&
         trigger.speed <= fastest && trigger.gate_frames >= 0 && trigger.gate_frames < never;
}

Frames length_frames(const Trigger& trigger, Frames release_frames) noexcept {
  const auto natural = natural_frames(trigger.slice.size(), trigger.speed);
  return trigger.gate_frames > 0 ? std::min(natural, trigger.gate_frames + release_frames) : natural;
}

void Voice::start(const Trigger& trigger, const AudioView& memory, Frames release_frames) noexcept {
  slice_ = intersect(trigger.slice, memory.range());
  speed_ = trigger.speed;
  reverse_ = trigger.reverse;
  gain_ = trigger.gain;
  sides_ = equal_power(static_cast<double>(trigger.pan));
  fade_in_slope_ = 1.0 / (trigger.fade_in_frames + 1.0);
  fade_out_slope_ = 1.0 / (trigger.fade_out_frames + 1.0);
  release_frames_ = release_frames;
  release_at_ = trigger.gate_frames > 0 ? trigger.gate_frames : never;
  length_ = std::min(natural_frames(slice_.size(), speed_), release_at_ + release_frames);
  done_ = 0;
}

void Voice::release() noexcept {
  release_at_ = std::min(release_at_, done_);
  length_ = std::min(length_, release_at_ + release_frames_);
}

/// Frames from the slice's begin, at an output frame counted from the start.
double Voice::offset(Frames frame) const noexcept {
  const double travelled = static_cast<double>(frame) * speed_;
  return reverse_ ? static_cast<double>(slice_.size() - 1) - travelled : travelled;
}

void Voice::fill_gains(std::span<float> gains) const noexcept {
  const auto size = static_cast<double>(slice_.size());
  for (std::size_t i = 0; i < gains.size(); ++i) {
    const Frames frame = done_ + static_cast<Frames>(i);
    const double at = offset(frame);
    double gain = std::min(1.0, (at + 1.0) * fade_in_slope_) * std::min(1.0, (size - at) * fade_out_slope_);
    if (frame >= release_at_)
      gain *= static_cast<double>(release_at_ + release_frames_ - frame) / static_cast<double>(release_frames_ + 1);
    gains[i] = static_cast<float>(gain) * gain_;
  }
}

void Voice::fill_samples(std::span<const float> memory, std::span<float> samples) const noexcept {
  const auto last = static_cast<Frames>(samples.size()) - 1;
  if (speed_ == 1.0) {
    const Frames step = reverse_ ? -1 : 1;
    const Frames first = reverse_ ? slice_.end - 1 - done_ : slice_.begin + done_;
    for (Frames i = 0; i <= last; ++i)
      samples[static_cast<std::size_t>(i)] = memory[static_cast<std::size_t>(first + i * step)];
    return;
  }
  const auto frames = static_cast<Frames>(memory.size());
  const auto at = [&](Frames frame) {
    return frame >= 0 && frame < frames ? memory[static_cast<std::size_t>(frame)] : 0.0F;
  };
  const auto lowest = slice_.begin + static_cast<Frames>(std::min(offset(done_), offset(done_ + last))) - 1;
  const auto highest = slice_.begin + static_cast<Frames>(std::max(offset(done_), offset(done_ + last))) + 2;
  const bool inside = lowest >= 0 && highest < frames;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double position = std::max(0.0, offset(done_ + static_cast<Frames>(i)));
    const auto whole = static_cast<Frames>(position);
    const auto part = static_cast<float>(position - static_cast<double>(whole));
    const Frames now = slice_.begin + whole;
    if (inside) {
      const float* const p = memory.data() + now;
      samples[i] = hermite(p[-1], p[0], p[1], p[2], part);
    } else {
      samples[i] = hermite(at(now - 1), at(now), at(now + 1), at(now + 2), part);
    }
  }
}

void Voice::render(const AudioView& memory, const Block& out) noexcept {
  std::array<float, piece_frames> gains, samples;
  const Frames frames = std::min(out.frames, length_ - done_);
  const bool panned = memory.channels() <= 2 && out.channels >= 2;
  for_each_piece(frames, piece_frames, [&](FrameRange piece) {
    const auto count = static_cast<std::size_t>(piece.size());
    fill_gains({gains.data(), count});
    for (int c = 0; c < memory.channels(); ++c) {
      fill_samples(memory.channel(c), {samples.data(), count});
      for (std::size_t i = 0; i < count; ++i) samples[i] *= gains[i];
      for_each_target(c, memory.channels(), out.channels, [&](int target) {
        const float side = !panned ? 1.0F : target == 0 ? sides_.left : sides_.right;
        float* const sum = out.channel(target).data() + piece.begin;
        for (std::size_t i = 0; i < count; ++i) sum[i] += samples[i] * side;
      });
    }
    done_ += piece.size();
  });
}

VoicePool::VoicePool(AudioView memory, int voices, Frames release_frames)
    : memory_(memory),
      limit_(voices),
      release_frames_(release_frames),
      slots_(2 * static_cast<std::size_t>(voices)) {}  // as many again to fade out in

VoicePool::Slot* VoicePool::oldest(bool releasing) noexcept {
  Slot* found = nullptr;
  for (auto& slot : slots_)
    if (slot.voice.active() && slot.voice.releasing() == releasing && (!found || slot.number < found->number))
      found = &slot;
  return found;
}

void VoicePool::start(const Trigger& trigger) noexcept {
  if (!sound(trigger)) return;
  const auto holding =
      std::ranges::count_if(slots_, [](const Slot& s) { return s.voice.active() && !s.voice.releasing(); });
  if (holding >= limit_) oldest(false)->voice.release();
  const auto idle = std::ranges::find_if(slots_, [](const Slot& slot) { return !slot.voice.active(); });
  // With none idle the oldest that fades out is cut short: it is the one nearest to silence.
  Slot* const slot = idle != slots_.end() ? &*idle : oldest(true);
  slot->voice.start(trigger, memory_, release_frames_);
  slot->number = ++started_;
}

void VoicePool::render(const Block& out) noexcept {
  for (auto& slot : slots_)
    if (slot.voice.active()) slot.voice.render(memory_, out);
}

void VoicePool::release_all() noexcept {
  for (auto& slot : slots_)
    if (slot.voice.active()) slot.voice.release();
}

void VoicePool::silence() noexcept {
  for (auto& slot : slots_) slot.voice = Voice();
}

int VoicePool::active() const noexcept {
  return static_cast<int>(std::ranges::count_if(slots_, [](const Slot& slot) { return slot.voice.active(); }));
}

}  // namespace sfa::engine
