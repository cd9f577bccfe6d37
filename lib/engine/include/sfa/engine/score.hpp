// A pattern ready to be played: every event as a trigger at a whole frame, computed once.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sfa/engine/event_feed.hpp"
#include "sfa/engine/tempo_map.hpp"
#include "sfa/rules/event.hpp"

namespace sfa::engine {

struct Score {
  std::vector<ScoreEvent> events;  // ascending in frame
  Frames pattern_frames = 0;       // one pass
  Frames frames = 0;               // until the last pass and the last sound have ended
};

/// What the events of a pattern speak of.
struct Instrument {
  SampleStore& samples;
  std::span<const Frames> slice_frames;  // indexed by Event::slice, at `rate`
  SampleRate rate;                       // the output's
  Quality quality = Quality::sinc;
};

/// The length of the fade at a gate's end: 3 ms, short enough to pass as an end and long enough not to click.
[[nodiscard]] Frames release_frames(SampleRate rate);

/// The trigger of one event. Throws Error::invalid_data, without the event's number, for a slice that is not there
/// and for a speed (rate * 2^(pitch / 12)) outside 1/64 to 64.
[[nodiscard]] Trigger make_trigger(const rules::Event& event, const Instrument& instrument);

/// The lane that a voice of the pattern plays on: its number among them; 0 where they have no names.
[[nodiscard]] int lane_of(const rules::Events& pattern, const std::string& voice);

/// How long it makes heard what it plays.
[[nodiscard]] Frames sounding_frames(const Trigger& trigger, const Instrument& instrument);

/// Where an event is played. That is where its time says, and exactly where its beat says if both are the same
/// position, to within a frame: a beat's frame is computed from the tempo as a fraction.
[[nodiscard]] Frames frame_of(const rules::Event& event, const TempoMap& tempo, SampleRate rate);

/// `passes` >= 1 of the pattern one after another; sounds ring on into the next pass. What make_trigger() refuses
/// is Error::invalid_data with the event's number. An event with messages has its number, from 1,
/// as its cue.
[[nodiscard]] Score make_score(const rules::Events& pattern, const Instrument& instrument, int passes = 1);

/// Plays a score, which must outlive it.
class ScoreFeed : public EventFeed {
 public:
  explicit ScoreFeed(const Score& score) : score_(score) {}
  const ScoreEvent* front() noexcept override { return at_ < size() ? &score_.events[at_] : nullptr; }
  void next() noexcept override { ++at_; }
  const ScoreEvent* look_ahead(Frames end) noexcept override;
  void seek(Frames frame) noexcept override;
  [[nodiscard]] Frames end() const noexcept override { return score_.frames; }

 private:
  [[nodiscard]] std::size_t size() const noexcept { return score_.events.size(); }
  const Score& score_;
  std::size_t at_ = 0, ahead_ = 0;
};

}  // namespace sfa::engine
