// Events that are written while they are played, by a generator in a thread of its own. What has been played is kept
// for a while, so that a loop or a jump back plays it again as it was.
#pragma once
#include <atomic>
#include <limits>
#include <vector>

#include "sfa/engine/event_feed.hpp"

namespace sfa::engine {

class EventTape : public EventFeed {
 public:
  /// At least `history` events can be gone back, and as many be written ahead.
  explicit EventTape(std::size_t history = std::size_t{1} << 16);

  // For the writer.
  /// In ascending order of frames. False if that is too far ahead of what is played: try again later.
  [[nodiscard]] bool write(const ScoreEvent& event) noexcept;
  /// No more will come: the piece ends at `end`.
  void finish(Frames end) noexcept { end_.store(end, std::memory_order_release); }

  // For the engine.
  const ScoreEvent* front() noexcept override;
  void next() noexcept override;
  const ScoreEvent* look_ahead(Frames end) noexcept override;
  void seek(Frames frame) noexcept override;
  [[nodiscard]] Frames end() const noexcept override { return end_.load(std::memory_order_acquire); }

 private:
  [[nodiscard]] const ScoreEvent& at(std::uint64_t index) const noexcept {
    return events_[index & (events_.size() - 1)];
  }

  std::vector<ScoreEvent> events_;             // a ring of four times the history
  std::uint64_t history_;
  std::atomic<std::uint64_t> written_{0}, reading_{0};  // indices that only the ring cuts short
  std::atomic<Frames> end_{std::numeric_limits<Frames>::max()};
  // The engine's own.
  std::uint64_t ahead_ = 0;
  Frames from_ = 0;                            // what is before is passed over
};

}  // namespace sfa::engine
