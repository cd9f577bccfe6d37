#include "sfa/engine/event_tape.hpp"

#include <algorithm>
#include <bit>

namespace sfa::engine {

EventTape::EventTape(std::size_t history) : history_(std::bit_ceil(std::max<std::size_t>(history, 1))) {
  reels_[0].events.resize(4 * history_);
}

// With H the history: the writer stays less than H ahead of where it last saw the reader, which is at most what was
// written then, W; the reader goes back to W - 2 H at most. So less than 3 H slots lie between them, even while the
// reader jumps: a slot that is being written is never one that is read.
bool EventTape::write(const ScoreEvent& event) noexcept {
  Reel& reel = reels_[writing_];
  const auto index = reel.written.load(std::memory_order_relaxed);
  if (index >= reel.reading.load(std::memory_order_acquire) + history_) return false;
  reel.at(index) = event;
  reel.written.store(index + 1, std::memory_order_release);
  return true;
}

/// Neither reel is written while both are read: the old one only when the engine has left it.
bool EventTape::begin_anew(Frames from) {
  if (over_at_.load(std::memory_order_acquire) != not_over) return false;
  Reel &old = reels_[writing_], &reel = reels_[1 - writing_];
  if (reel.events.empty()) reel.events.resize(old.events.size());
  const auto written = old.written.load(std::memory_order_relaxed);
  std::uint64_t kept = 0;
  for (auto index = written - std::min(written, history_); index < written && old.at(index).frame < from; ++index)
    reel.events[kept++] = old.at(index);
  reel.written.store(kept, std::memory_order_relaxed);
  reel.reading.store(kept, std::memory_order_relaxed);
  writing_ = 1 - writing_;
  return true;
}

const ScoreEvent* EventTape::front_of(Reel& reel) noexcept {
  const auto written = reel.written.load(std::memory_order_acquire);
  auto index = reel.reading.load(std::memory_order_relaxed);
  while (index < written && reel.at(index).frame < from_) ++index;
  reel.reading.store(index, std::memory_order_release);
  return index < written ? &reel.at(index) : nullptr;
}

const ScoreEvent* EventTape::front() noexcept {
  const auto* const event = front_of(reels_[playing_]);
  const Frames over_at = over_at_.load(std::memory_order_acquire);
  if (over_at == not_over || (event != nullptr && event->frame < over_at)) return event;
  if (event == nullptr && over_at == std::numeric_limits<Frames>::max()) return nullptr;
  seek(std::max(over_at, from_));
  return front_of(reels_[playing_]);
}

void EventTape::next() noexcept {
  auto& reading = reels_[playing_].reading;
  reading.store(reading.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

const ScoreEvent* EventTape::look_ahead(Frames end) noexcept {
  Reel& reel = reels_[playing_];
  ahead_ = std::max(ahead_, reel.reading.load(std::memory_order_relaxed));
  if (ahead_ >= reel.written.load(std::memory_order_acquire) || reel.at(ahead_).frame >= end) return nullptr;
  return &reel.at(ahead_++);
}

void EventTape::seek(Frames frame) noexcept {
  if (over_at_.load(std::memory_order_acquire) != not_over) {
    playing_ = 1 - playing_;
    over_at_.store(not_over, std::memory_order_release);
  }
  Reel& reel = reels_[playing_];
  const auto written = reel.written.load(std::memory_order_acquire);
  auto low = written - std::min(written, 2 * history_ - 1), high = written;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (reel.at(middle).frame < frame)
      low = middle + 1;
    else
      high = middle;
  }
  reel.reading.store(low, std::memory_order_release);
  ahead_ = low;
  from_ = frame;
}

}  // namespace sfa::engine
