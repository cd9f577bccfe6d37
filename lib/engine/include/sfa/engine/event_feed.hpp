// Where the engine's events come from: a score that is known as a whole (score.hpp), or a tape that is being written
// while it plays (event_tape.hpp).
#pragma once
#include <cstdint>

#include "sfa/engine/trigger.hpp"

namespace sfa::engine {

struct ScoreEvent {
  Frames frame = 0;          // of the piece, >= 0
  Trigger trigger;
  std::uint32_t cue = 0;     // told when it begins, see Engine::take(Cue&); 0: nothing is
};

/// Used by the engine's thread alone; real-time safe.
class EventFeed {
 public:
  virtual ~EventFeed() = default;
  /// The next event, which next() passes; nothing if there is none, or none yet.
  virtual const ScoreEvent* front() noexcept = 0;
  virtual void next() noexcept = 0;
  /// The next one before `end` that has not been asked for this way, so that its slice can be made ready.
  virtual const ScoreEvent* look_ahead(Frames end) noexcept = 0;
  /// Goes on with the first event that is not before `frame`.
  virtual void seek(Frames frame) noexcept = 0;
  /// Where the piece is over; a frame that is never reached if that is not known.
  [[nodiscard]] virtual Frames end() const noexcept = 0;
};

}  // namespace sfa::engine
