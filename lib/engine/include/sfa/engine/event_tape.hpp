// Events that are written while they are played, by a generator in a thread of its own. What has been played is kept
// for a while, so that a loop or a jump back plays it again as it was, until the writer writes it anew: then on a
// second reel, to which the engine goes over at a frame of the writer's choice.
#pragma once
#include <array>
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
  /// What is written from now on takes the place of all from frame `from` on, once the engine has gone over to it. False
  /// while it has not yet gone over to what was written anew before.
  [[nodiscard]] bool begin_anew(Frames from);
  /// It goes over where it comes to frame `at`, or where it jumps before that. Once after each begin_anew().
  void go_over(Frames at) noexcept { over_at_.store(at, std::memory_order_release); }
  /// No more will come: the piece ends at `end`.
  void finish(Frames end) noexcept { end_.store(end, std::memory_order_release); }

  // For the engine.
  const ScoreEvent* front() noexcept override;
  void next() noexcept override;
  const ScoreEvent* look_ahead(Frames end) noexcept override;
  void seek(Frames frame) noexcept override;
  [[nodiscard]] Frames end() const noexcept override { return end_.load(std::memory_order_acquire); }

 private:
  struct Reel {
    std::vector<ScoreEvent> events;            // a ring of four times the history
    std::atomic<std::uint64_t> written{0}, reading{0};  // indices that only the ring cuts short
    [[nodiscard]] ScoreEvent& at(std::uint64_t index) noexcept { return events[index & (events.size() - 1)]; }
  };
  const ScoreEvent* front_of(Reel& reel) noexcept;

  static constexpr Frames not_over = -1;
  std::array<Reel, 2> reels_;                  // the second is empty until it is needed
  std::uint64_t history_;
  std::atomic<Frames> end_{std::numeric_limits<Frames>::max()};
  std::atomic<Frames> over_at_{not_over};      // where the engine shall go over; it says by `not_over` that it has
  // The writer's own.
  std::size_t writing_ = 0;
  // The engine's own.
  std::size_t playing_ = 0;
  std::uint64_t ahead_ = 0;
  Frames from_ = 0;                            // what is before is passed over
};

}  // namespace sfa::engine
