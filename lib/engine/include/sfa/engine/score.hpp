// A pattern ready to be played: every event as a trigger at a whole frame, computed once.
#pragma once
#include <span>
#include <vector>

#include "sfa/engine/voice.hpp"
#include "sfa/rules/event.hpp"

namespace sfa::engine {

/// A slice in the sample memory's frames.
struct SliceFrames {
  FrameRange range;
  int fade_in_frames = 0;
  int fade_out_frames = 0;
};

struct ScoreEvent {
  Frames frame = 0;
  Trigger trigger;
};

struct Score {
  std::vector<ScoreEvent> events;  // ascending in frame
  Frames pattern_frames = 0;       // one pass
  Frames frames = 0;               // until the last pass and the last sound have ended
};

/// The length of the fade at a gate's end and when a voice is taken away: 3 ms, short enough to
/// pass as an end and long enough not to click.
[[nodiscard]] Frames release_frames(SampleRate rate);

/// `passes` >= 1 of the pattern one after another; sounds ring on into the next pass. `slices` are
/// indexed by Event::slice and hold frames at `rate`, which is the output's. Events with a speed
/// (rate * 2^(pitch / 12)) outside 1/64 to 64, or that name a slice that is not there, are
/// Error::invalid_data with the event's number.
[[nodiscard]] Score make_score(const rules::Events& pattern, std::span<const SliceFrames> slices, SampleRate rate,
                               int passes = 1);

}  // namespace sfa::engine
