#include "sfa/engine/voice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "sfa/engine/interpolate.hpp"

namespace sfa::engine {
namespace {

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
  const auto count = static_cast<Frames>(gains.size());
  const double first = offset(done_), last = offset(done_ + count - 1);
  const bool past_fade_in = (std::min(first, last) + 1.0) * fade_in_slope_ >= 1.0;
  const bool before_fade_out = (size - std::max(first, last)) * fade_out_slope_ >= 1.0;
  if (past_fade_in && before_fade_out && done_ + count <= release_at_) {
    std::ranges::fill(gains, gain_);
    return;
  }
  for (std::size_t i = 0; i < gains.size(); ++i) {
    const Frames frame = done_ + static_cast<Frames>(i);
    const double at = offset(frame);
    double gain = std::min(1.0, (at + 1.0) * fade_in_slope_) * std::min(1.0, (size - at) * fade_out_slope_);
    if (frame >= release_at_)
      gain *= static_cast<double>(release_at_ + release_frames_ - frame) / static_cast<double>(release_frames_ + 1);
    gains[i] = static_cast<float>(gain) * gain_;
  }
}

/// Where in memory the next `count` frames lie: computed once for all channels.
struct Voice::Path {
  Frames begin;                               // a frame of memory, from which `whole` counts
  std::array<std::int32_t, piece_frames> whole;
  std::array<float, piece_frames> part;       // of the way to the next frame
};

void Voice::find_path(int count, Path& path) const noexcept {
  const double low = std::floor(std::max(0.0, std::min(offset(done_), offset(done_ + count - 1))));
  path.begin = slice_.begin + static_cast<Frames>(low);
  const double step = reverse_ ? -speed_ : speed_;
  const double origin = reverse_ ? static_cast<double>(slice_.size() - 1) : 0.0;
  const auto first = static_cast<double>(done_);
  for (int i = 0; i < count; ++i) {
    // The same number as offset(done_ + i): the difference of `low` is exact.
    const double at = std::max(0.0, origin + (first + i) * step - low);
    const auto index = static_cast<std::size_t>(i);
    path.whole[index] = static_cast<std::int32_t>(at);
    path.part[index] = static_cast<float>(at - path.whole[index]);
  }
}

/// `samples` at the path's places, between frames.
void Voice::follow(const Path& path, std::span<const float> memory, std::span<float> samples) noexcept {
  const auto frames = static_cast<Frames>(memory.size());
  const auto at = [&](Frames frame) {
    return frame >= 0 && frame < frames ? memory[static_cast<std::size_t>(frame)] : 0.0F;
  };
  const auto highest = std::max(path.whole[0], path.whole[samples.size() - 1]);
  const bool inside = path.begin >= 1 && path.begin + highest + 2 < frames;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Frames now = path.begin + path.whole[i];
    if (inside) {
      const float* const p = memory.data() + now;
      samples[i] = hermite(p[-1], p[0], p[1], p[2], path.part[i]);
    } else {
      samples[i] = hermite(at(now - 1), at(now), at(now + 1), at(now + 2), path.part[i]);
    }
  }
}

/// At speed 1: the samples themselves.
void Voice::copy(std::span<const float> memory, std::span<float> samples) const noexcept {
  const auto count = static_cast<std::ptrdiff_t>(samples.size());
  if (reverse_)
    std::reverse_copy(memory.begin() + slice_.end - done_ - count, memory.begin() + slice_.end - done_, samples.begin());
  else
    std::copy_n(memory.begin() + slice_.begin + done_, count, samples.begin());
}

void Voice::render(const AudioView& memory, const Block& out) noexcept {
  std::array<float, piece_frames> gains, samples;
  Path path;
  const Frames frames = std::min(out.frames, length_ - done_);
  const bool panned = memory.channels() <= 2 && out.channels >= 2;
  for_each_piece(frames, piece_frames, [&](FrameRange piece) {
    const auto count = static_cast<std::size_t>(piece.size());
    fill_gains({gains.data(), count});
    if (speed_ != 1.0) find_path(static_cast<int>(count), path);
    for (int c = 0; c < memory.channels(); ++c) {
      const std::span part{samples.data(), count};
      if (speed_ == 1.0)
        copy(memory.channel(c), part);
      else
        follow(path, memory.channel(c), part);
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
