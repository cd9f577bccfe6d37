#include "sfa/engine/event_tape.hpp"

#include <algorithm>
#include <bit>

namespace sfa::engine {

EventTape::EventTape(std::size_t history)
    : events_(4 * std::bit_ceil(std::max<std::size_t>(history, 1))), history_(events_.size() / 4) {}

// With H the history: the writer stays less than H ahead of where it last saw the reader, which is at most what was
// written then, W; the reader goes back to W - 2 H at most. So less than 3 H slots lie between them, even while the
// reader jumps: a slot that is being written is never one that is read.
bool EventTape::write(const ScoreEvent& event) noexcept {
  const auto index = written_.load(std::memory_order_relaxed);
  if (index >= reading_.load(std::memory_order_acquire) + history_) return false;
  events_[index & (events_.size() - 1)] = event;
  written_.store(index + 1, std::memory_order_release);
  return true;
}

const ScoreEvent* EventTape::front() noexcept {
  const auto written = written_.load(std::memory_order_acquire);
  auto index = reading_.load(std::memory_order_relaxed);
  while (index < written && at(index).frame < from_) ++index;
  reading_.store(index, std::memory_order_release);
  return index < written ? &at(index) : nullptr;
}

void EventTape::next() noexcept {
  reading_.store(reading_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

const ScoreEvent* EventTape::look_ahead(Frames end) noexcept {
  ahead_ = std::max(ahead_, reading_.load(std::memory_order_relaxed));
  if (ahead_ >= written_.load(std::memory_order_acquire) || at(ahead_).frame >= end) return nullptr;
  return &at(ahead_++);
}

void EventTape::seek(Frames frame) noexcept {
  const auto written = written_.load(std::memory_order_acquire);
  auto low = written - std::min(written, 2 * history_ - 1), high = written;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (at(middle).frame < frame)
      low = middle + 1;
    else
      high = middle;
  }
  reading_.store(low, std::memory_order_release);
  ahead_ = low;
  from_ = frame;
}

}  // namespace sfa::engine
