#include "sfa/engine/score.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::engine {
namespace {

Trigger trigger_for(const rules::Event& event, std::span<const SliceFrames> slices, SampleRate rate) {
  const auto& slice = slices[static_cast<std::size_t>(event.slice)];
  return {
      .slice = slice.range,
      .fade_in_frames = slice.fade_in_frames,
      .fade_out_frames = slice.fade_out_frames,
      .gain = static_cast<float>(event.velocity),
      .pan = static_cast<float>(event.pan),
      .speed = event.rate * std::exp2(event.pitch / 12.0),
      .reverse = event.reverse,
      // A gate, however short, stays one: 0 frames would mean none.
      .gate_frames = event.gate > 0.0 ? std::max<Frames>(1, to_frames({event.gate}, rate)) : 0,
  };
}

bool is_length(double seconds) { return seconds >= 0.0 && seconds <= longest_document_seconds; }

[[noreturn]] void refuse(std::size_t index, const std::string& what) {
  throw Error(Error::Kind::invalid_data, "events[" + std::to_string(index) + "]: " + what);
}

}  // namespace

Frames release_frames(SampleRate rate) { return std::max<Frames>(1, to_frames({0.003}, rate)); }

Score make_score(const rules::Events& pattern, std::span<const SliceFrames> slices, SampleRate rate, int passes) {
  if (!is_length(pattern.duration))
    throw Error(Error::Kind::invalid_data, "duration: must be between 0 and 1000000 seconds");
  Score score;
  score.pattern_frames = to_frames({pattern.duration}, rate);
  for (int pass = 0; pass < passes; ++pass) {
    for (std::size_t i = 0; i < pattern.events.size(); ++i) {
      const auto& event = pattern.events[i];
      if (event.slice < 0 || static_cast<std::size_t>(event.slice) >= slices.size())
        refuse(i, "slice " + std::to_string(event.slice) + " is not in the bank");
      if (!is_length(event.time)) refuse(i, "time must be between 0 and 1000000 seconds");
      if (!is_length(event.gate)) refuse(i, "gate must be between 0 and 1000000 seconds");
      const ScoreEvent ready{pass * score.pattern_frames + to_frames({event.time}, rate),
                             trigger_for(event, slices, rate)};
      if (!sound(ready.trigger)) refuse(i, "velocity, pan, or the speed of its rate and pitch is out of range");
      score.frames = std::max(score.frames, ready.frame + length_frames(ready.trigger, release_frames(rate)));
      score.events.push_back(ready);
    }
  }
  score.frames = std::max(score.frames, passes * score.pattern_frames);
  std::ranges::stable_sort(score.events, {}, &ScoreEvent::frame);
  return score;
}

}  // namespace sfa::engine
