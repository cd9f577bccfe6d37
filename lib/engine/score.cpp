#include "sfa/engine/score.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::engine {
namespace {

bool is_length(double seconds) { return seconds >= 0.0 && seconds <= longest_document_seconds; }

/// The tick of a position in beats, if it lies within a frame of `frame`.
std::optional<Ticks> tick_there(double beat, Frames frame, const TempoMap& tempo) {
  if (!(beat >= 0.0 && beat <= 1e9)) return std::nullopt;
  const Ticks tick = to_ticks(beat);
  return std::abs(tempo.frame(tick) - frame) <= 1 ? std::optional(tick) : std::nullopt;
}

dsp::SvfKind kind_of(rules::Filter::Type type) {
  switch (type) {
    case rules::Filter::Type::highpass: return dsp::SvfKind::high_pass;
    case rules::Filter::Type::bandpass: return dsp::SvfKind::band_pass;
    case rules::Filter::Type::lowpass: break;
  }
  return dsp::SvfKind::low_pass;
}

[[noreturn]] void refuse(const std::string& what) { throw Error(Error::Kind::invalid_data, what); }

}  // namespace

Frames release_frames(SampleRate rate) { return std::max<Frames>(1, to_frames({0.003}, rate)); }

Trigger make_trigger(const rules::Event& event, const Instrument& instrument) {
  if (event.slice < 0 || static_cast<std::size_t>(event.slice) >= instrument.slice_frames.size())
    refuse("slice " + std::to_string(event.slice) + " is not in the bank");
  if (!is_length(event.time)) refuse("time must be between 0 and 1000000 seconds");
  if (!is_length(event.gate)) refuse("gate must be between 0 and 1000000 seconds");
  if (!(event.stretch >= 1.0 / 16.0 && event.stretch <= 16.0)) refuse("stretch must be between 1/16 and 16");
  Trigger trigger{.sample = &instrument.samples.slot({.slice = event.slice, .stretch = event.stretch}),
                  .gain = static_cast<float>(event.velocity * std::pow(10.0, event.gain_db / 20.0)),
                  .pan = static_cast<float>(event.pan),
                  .reverse = event.reverse,
                  // A gate, however short, stays one: 0 frames would mean none.
                  .gate_frames = event.gate > 0.0 ? std::max<Frames>(1, to_frames({event.gate}, instrument.rate)) : 0,
                  .mute_group = event.mute_group};
  if (event.filter)
    trigger.filter = {.kind = kind_of(event.filter->type), .cutoff_hz = event.filter->cutoff_hz, .q = event.filter->q};
  set_speed(trigger, event.rate * std::exp2(event.pitch / 12.0), instrument.quality);
  if (!sound(trigger)) refuse("velocity, pan, or the speed of its rate and pitch is out of range");
  return trigger;
}

int lane_of(const rules::Events& pattern, const std::string& voice) {
  const auto found = std::ranges::find(pattern.voices, voice, &rules::EventVoice::name);
  return found != pattern.voices.end() ? static_cast<int>(found - pattern.voices.begin()) : 0;
}

Frames sounding_frames(const Trigger& trigger, const Instrument& instrument) {
  const auto& spec = trigger.sample->spec();
  const auto recorded = static_cast<double>(instrument.slice_frames[static_cast<std::size_t>(spec.slice)]);
  return length_frames(trigger, std::llround(recorded * spec.stretch), release_frames(instrument.rate));
}

Frames frame_of(const rules::Event& event, const TempoMap& tempo, SampleRate rate) {
  const Frames by_time = to_frames({event.time}, rate);
  const auto by_beat = tick_there(event.beat, by_time, tempo);
  return by_beat ? tempo.frame(*by_beat) : by_time;
}

namespace {

/// Where each pass begins: exactly, if the pattern is as long as a whole number of ticks.
class Passes {
 public:
  Passes(const rules::Events& pattern, const TempoMap& tempo, SampleRate rate)
      : tempo_(tempo),
        rate_(rate),
        frames_(to_frames({pattern.duration}, rate)),
        ticks_(tick_there(pattern.duration * pattern.bpm / 60.0, frames_, tempo)) {}

  [[nodiscard]] Frames frame(int pass) const { return ticks_ ? tempo_.frame(pass * *ticks_) : pass * frames_; }
  [[nodiscard]] Frames frame(int pass, const rules::Event& event) const {
    const auto tick = tick_there(event.beat, to_frames({event.time}, rate_), tempo_);
    return ticks_ && tick ? tempo_.frame(pass * *ticks_ + *tick) : frame(pass) + frame_of(event, tempo_, rate_);
  }

 private:
  const TempoMap& tempo_;
  SampleRate rate_;
  Frames frames_;
  std::optional<Ticks> ticks_;
};

}  // namespace

Score make_score(const rules::Events& pattern, const Instrument& instrument, int passes) {
  if (!is_length(pattern.duration)) refuse("duration: must be between 0 and 1000000 seconds");
  const TempoMap tempo(tempo_near(pattern.bpm), instrument.rate);
  const Passes pass_begins(pattern, tempo, instrument.rate);
  Score score;
  score.pattern_frames = pass_begins.frame(1);
  score.events.reserve(pattern.events.size() * static_cast<std::size_t>(passes));
  for (std::size_t i = 0; i < pattern.events.size(); ++i) {
    try {
      auto trigger = make_trigger(pattern.events[i], instrument);
      trigger.lane = lane_of(pattern, pattern.events[i].voice);
      const bool tells = !pattern.events[i].midi.empty() || !pattern.events[i].osc.empty();
      const auto cue = tells ? static_cast<std::uint32_t>(i + 1) : 0U;
      for (int pass = 0; pass < passes; ++pass)
        score.events.push_back({pass_begins.frame(pass, pattern.events[i]), trigger, cue});
    } catch (const Error& error) {
      refuse("events[" + std::to_string(i) + "]: " + error.what());
    }
  }
  for (const auto& [frame, trigger, cue] : score.events)
    score.frames = std::max(score.frames, frame + sounding_frames(trigger, instrument));
  score.frames = std::max(score.frames, pass_begins.frame(passes));
  std::ranges::stable_sort(score.events, {}, &ScoreEvent::frame);
  return score;
}

const ScoreEvent* ScoreFeed::look_ahead(Frames end) noexcept {
  ahead_ = std::max(ahead_, at_);
  return ahead_ < size() && score_.events[ahead_].frame < end ? &score_.events[ahead_++] : nullptr;
}

void ScoreFeed::seek(Frames frame) noexcept {
  const auto first = std::ranges::lower_bound(score_.events, frame, {}, &ScoreEvent::frame);
  at_ = ahead_ = static_cast<std::size_t>(first - score_.events.begin());
}

}  // namespace sfa::engine
