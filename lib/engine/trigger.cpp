#include "sfa/engine/trigger.hpp"

#include <algorithm>
#include <cmath>

#include "sfa/dsp/envelope.hpp"

namespace sfa::engine {
namespace {

constexpr double slowest = 1.0 / 64.0, fastest = dsp::SincKernel::fastest;

bool is_length(Frames frames) { return frames >= 0 && frames < dsp::Envelope::never; }

bool within(double value, double low, double high) { return value >= low && value <= high; }

bool sound(const Filter& filter) {
  constexpr double highest_hz = 1e6;
  return within(filter.cutoff_hz, 1.0, highest_hz) && within(filter.q, 0.1, 100.0) &&
         (filter.end_hz == 0.0 || within(filter.end_hz, 1.0, highest_hz));
}

}  // namespace

void set_speed(Trigger& trigger, double speed, Quality quality) {
  trigger.speed = speed;
  const bool in_range = speed >= slowest && speed <= fastest;
  trigger.kernel = quality == Quality::sinc && in_range && speed != 1.0 ? &dsp::SincKernel::for_speed(speed) : nullptr;
}

bool sound(const Trigger& trigger) noexcept {
  return trigger.sample != nullptr && std::isfinite(trigger.gain) && std::isfinite(trigger.pan) &&
         within(trigger.speed, slowest, fastest) && is_length(trigger.attack_frames) &&
         is_length(trigger.gate_frames) && is_length(trigger.release_frames) &&
         (!trigger.filter || sound(*trigger.filter));
}

Frames length_frames(const Trigger& trigger, Frames slice_frames, Frames release) noexcept {
  if (slice_frames <= 0) return 0;
  const auto natural = static_cast<Frames>(static_cast<double>(slice_frames - 1) / trigger.speed) + 1;
  if (trigger.gate_frames == 0) return natural;
  return std::min(natural, trigger.gate_frames + (trigger.release_frames > 0 ? trigger.release_frames : release));
}

}  // namespace sfa::engine
