#include <algorithm>
#include <cmath>

#include "sequencer_state.hpp"

namespace sfa::rules {
namespace {

bool same_slices(const Material& a, const Material& b) {
  return std::ranges::equal(a.slices, b.slices, {}, &SliceFacts::id, &SliceFacts::id);
}

/// The past as it looks among other slices; what they do not have is forgotten.
History retold(const History& history, const Material& material) {
  History result;
  for (Played played : history.all()) {
    const auto found = std::ranges::find(material.slices, played.slice->id, &SliceFacts::id);
    if (found == material.slices.end()) continue;
    played.slice = &*found;
    played.place = static_cast<std::size_t>(found - material.slices.begin());
    played.fired = 0;
    result.add(played);
  }
  return result;
}

}  // namespace

void Sequencer::State::take_over(const State& before) {
  controls.bpm = before.controls.bpm;
  controls.fill = before.controls.fill;
  controls.scene = before.controls.scene;
  for (auto& [name, value] : controls.variables)
    if (const auto old = before.controls.variables.find(name); old != before.controls.variables.end())
      value = old->second;
  position = before.position;
  base_beat = before.base_beat;
  base_time = before.base_time;
  ready = before.ready;
  serial = before.serial;
  next_id = before.next_id;
  decided = before.decided;
  for (std::size_t v = 0; v < voices.size(); ++v) {
    const ProgramVoice& voice = program->voices[v];
    // Its first step that was not decided yet.
    const double steps = decided / voice.step_beats;
    voices[v].tick = static_cast<std::int64_t>(std::ceil(steps - 1e-9));
    const ProgramVoice* old = before.program->find_voice(voice.voice->name.text);
    if (old != nullptr) carry_over(v, before, static_cast<std::size_t>(old - before.program->voices.data()));
  }
}

void Sequencer::State::carry_over(std::size_t v, const State& before, std::size_t old) {
  const ProgramVoice &voice = program->voices[v], &was = before.program->voices[old];
  const VoiceState& past = before.voices[old];
  VoiceState& state = voices[v];
  state.count = past.count;
  state.fired = past.fired;
  state.history = retold(past.history, voice.material);
  const bool same = voice.voice->mode == was.voice->mode && same_slices(voice.material, was.material);
  if (!same) return;
  state.player = past.player;
  state.chooser = voice.voice->choice == was.voice->choice ? past.chooser : Chooser(voice.voice->choice);
  state.plays = past.plays;
  state.last_slice = past.last_slice;
  state.consecutive = past.consecutive;
  state.pass = past.pass;
  const std::int64_t steps = voice.pattern_steps();
  state.position = steps > 0 ? past.position % steps : past.position;
  if (!voice.follows()) return;
  for (const auto& [when, trigger] : before.waiting)
    if (std::get<1>(when) == old) waiting.emplace(When{std::get<0>(when), v, std::get<2>(when)}, trigger);
}

}  // namespace sfa::rules
