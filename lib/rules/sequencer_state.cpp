#include "sequencer_state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sfa/audio/error.hpp"

namespace sfa::rules {
namespace {

constexpr int hits_of_a_step = 16;          // room in an event's number for those of one step
constexpr double last_beat = 1e11;          // so far, steps can be numbered
constexpr double fastest_semitones = 72.0;  // 64 times the speed, which is all that players take

std::int64_t step_key(std::int64_t tick, std::size_t hit) {
  return tick * hits_of_a_step + static_cast<std::int64_t>(hit);
}

/// A pitch that keeps the speed within 1/64 to 64.
double playable_pitch(double pitch, double rate) {
  const double of_rate = 12.0 * std::log2(rate);
  return std::clamp(pitch, std::max(-96.0, 1e-6 - fastest_semitones - of_rate),
                    std::min(96.0, fastest_semitones - 1e-6 - of_rate));
}

}  // namespace

Sequencer::State::State(std::shared_ptr<const Program> ready_program, const Settings& wanted)
    : program(std::move(ready_program)), settings(wanted) {
  const RuleSet& set = program->set;
  controls.bpm = set.bpm.value_or(settings.bpm);
  if (!(controls.bpm >= 10.0 && controls.bpm <= 1000.0))
    throw Error(Error::Kind::invalid_argument, "the tempo must be from 10 to 1000 beats a minute");
  controls.fill_bars = std::clamp(settings.fill_bars, 0, 9999);
  controls.scene = set.scene.text;
  controls.variables = {set.variables.begin(), set.variables.end()};
  controls.fired.assign(program->rules.size(), 0);
  for (const Rule* rule : program->rules) {
    controls.probabilities.push_back(rule->probability.value);
    controls.enabled.push_back(rule->enabled);
  }
  for (const ProgramVoice& voice : program->voices) {
    voices.push_back(VoiceState{.player = voice.player, .chooser = Chooser(voice.voice->choice), .plays = {}});
    voices.back().plays.assign(voice.material.slices.size(), 0);
  }
}

/// The voice whose step is next, and its beat.
std::pair<double, std::size_t> Sequencer::State::next_step() const {
  std::pair<double, std::size_t> next{std::numeric_limits<double>::infinity(), 0};
  for (std::size_t v = 0; v < voices.size(); ++v)
    if (!program->voices[v].follows()) next = std::min(next, {program->voices[v].beat_of(voices[v].tick), v});
  return next;
}

void Sequencer::State::advance(double beat, std::vector<Event>& events) {
  if (!(beat > position && beat < last_beat)) return;
  const double horizon = beat + program->lead_beats;
  for (;;) {
    const auto next = next_step();
    const bool follower = !waiting.empty() &&
                          std::pair(std::get<0>(waiting.begin()->first), std::get<1>(waiting.begin()->first)) < next;
    const double when = follower ? std::get<0>(waiting.begin()->first) : next.first;
    if (!(when < horizon)) break;
    if (!follower) {
      step(next.second);
      continue;
    }
    const auto due = waiting.extract(waiting.begin());
    play_follower(std::get<1>(due.key()), due.mapped(), when);
  }
  decided = std::max(decided, horizon);
  while (!ready.empty() && ready.begin()->first.first < beat) {
    auto due = ready.extract(ready.begin());
    Event& event = events.emplace_back(std::move(due.mapped()));
    event.time = time_of(event.beat);
    event.id = next_id++;
  }
  position = beat;
}

void Sequencer::State::step(std::size_t v) {
  const ProgramVoice& voice = program->voices[v];
  VoiceState& state = voices[v];
  const double beat = voice.beat_of(state.tick);
  const double swing = (2.0 * voice.voice->swing - 1.0) * voice.step_beats;
  const bool second = state.tick % 2 != 0;
  const auto& scenes = voice.voice->scenes;
  asked_to_move.reset();
  if (scenes.empty() || std::ranges::find(scenes, Name{controls.scene}) != scenes.end()) {
    const Dice dice = voice.mode_stream.at(static_cast<std::uint64_t>(step_key(state.tick, 0)));
    std::vector<Hit> hits;
    std::visit(
        [&](auto& player) {
          player.step(Step{voice.material, dice, state.position, state.chooser}, hits);
        },
        state.player);
    for (std::size_t i = 0; i < hits.size(); ++i)
      decide(v,
             {.key = static_cast<std::uint64_t>(step_key(state.tick, i)),
              .beat = beat,
              .sounding = beat + (second ? swing : 0.0),
              .span_beats = voice.step_beats + (second ? -swing : swing),
              .place = hits[i].slice,
              .velocity = voice.voice->velocity,
              .hits = hits[i].hits},
             beat);
  }
  ++state.tick;
  move_on(v, asked_to_move ? &*asked_to_move : nullptr);
}

/// To the next step of the pattern, or where an action sent it.
void Sequencer::State::move_on(std::size_t v, const Draft* last) {
  VoiceState& state = voices[v];
  const std::int64_t steps = program->voices[v].pattern_steps();
  if (last != nullptr && last->restart) return begin_anew(v);
  if (last != nullptr && last->jump > 0) {
    state.position = steps > 0 ? (last->jump - 1) % steps : last->jump - 1;
    state.chooser.go_to(static_cast<std::size_t>(last->jump - 1));
    return;
  }
  ++state.position;
  if (steps == 0 || state.position < steps) return;
  if (program->voices[v].voice->length > 0) return begin_anew(v);
  state.position = 0;
  ++state.pass;
}

void Sequencer::State::begin_anew(std::size_t v) {
  const ProgramVoice& voice = program->voices[v];
  VoiceState& state = voices[v];
  state.player = voice.player;
  state.chooser = Chooser(voice.voice->choice);
  state.position = 0;
  ++state.pass;
}

/// Where an event sounds with the voice's own shift, groove and humanize.
double Sequencer::State::moved(std::size_t v, double sounding, const Dice& dice) const {
  const Voice& voice = *program->voices[v].voice;
  double steps = voice.shift;
  if (!voice.groove.empty())
    steps += voice.groove[static_cast<std::size_t>(voices[v].position) % voice.groove.size()];
  if (voice.humanize > 0.0) steps += voice.humanize * (2.0 * dice.uniform(shift_draw) - 1.0);
  return std::max(0.0, sounding + std::clamp(steps, -0.5, 0.5) * program->voices[v].step_beats);
}

void Sequencer::State::decide(std::size_t v, Trigger trigger, double now) {
  const ProgramVoice& voice = program->voices[v];
  VoiceState& state = voices[v];
  const double bar = std::floor(trigger.beat / program->bar_beats + 1e-9) + 1.0;
  Draft draft;
  draft.played.beat = trigger.beat;
  draft.played.velocity = std::min(1.0, trigger.velocity);
  draft.played.pitch = trigger.pitch;
  draft.played.count = ++state.count;
  draft.played.step = state.position + 1;
  draft.played.pass = voice.pattern_steps() > 0 ? state.pass : static_cast<std::int64_t>(bar);
  draft.hits = trigger.hits;
  draft.gate_steps = voice.voice->gate;
  draft.event.scene = controls.scene;
  if (program->voices.size() > 1) draft.event.voice = voice.voice->name.text;
  set_slice(draft, voice, state, trigger.place);
  apply_rules(draft, {*program, v, voices, controls, settings.explain}, trigger.key);
  state.fired = !draft.event.rule.empty();
  if (draft.restart || draft.jump > 0) asked_to_move = draft;
  if (draft.skipped) return;

  state.consecutive = draft.played.consecutive;
  state.last_slice = draft.played.place;
  ++state.plays[draft.played.place];
  state.history.add(draft.played);
  const double sounding = moved(v, trigger.sounding, voice.mode_stream.at(trigger.key));
  emit(v, draft, sounding, trigger.span_beats);
  follow(v, trigger, draft, sounding, now);
}

/// As many hits as the ratchet has.
void Sequencer::State::emit(std::size_t v, Draft& draft, double sounding, double span_beats) {
  if (settings.end_beat > 0.0 && draft.played.beat >= settings.end_beat) return;
  if (sounding < position) return;  // only where other rules took over, see replace()
  const double beat_seconds = 60.0 / controls.bpm;
  const double spacing = span_beats / draft.hits;
  const double gate = draft.gate_steps * program->voices[v].step_beats * beat_seconds;
  Event& event = draft.event;
  const Played& played = draft.played;
  event.slice = played.slice->id;
  event.rate = played.rate;
  event.pan = played.pan;
  double velocity = played.velocity;
  for (int i = 0; i < draft.hits; ++i) {
    event.beat = sounding + i * spacing;
    event.velocity = velocity;
    event.pitch = playable_pitch(played.pitch + i * draft.ramp, played.rate);
    event.gate = gate;
    const double until_next = spacing * beat_seconds;
    if (i + 1 < draft.hits) event.gate = gate > 0.0 ? std::min(gate, until_next) : until_next;
    ready.emplace(std::pair(event.beat, serial++), event);
    velocity *= draft.decay;
  }
}

void Sequencer::State::follow(std::size_t v, const Trigger& trigger, const Draft& draft, double sounding,
                              double now) {
  for (const std::size_t w : program->voices[v].followers) {
    const Follow& how = std::get<Follow>(program->voices[w].voice->mode);
    Trigger cause = trigger;
    cause.beat = draft.played.beat + how.delay;
    cause.sounding = sounding + how.delay;
    cause.span_beats = program->voices[w].step_beats;
    cause.velocity = draft.played.velocity * how.velocity * program->voices[w].voice->velocity;
    cause.pitch = std::clamp(draft.played.pitch + how.pitch, -96.0, 96.0);
    cause.hits = 1;
    if (cause.beat < 0.0 || cause.sounding < 0.0) continue;
    const auto& scenes = program->voices[w].voice->scenes;
    if (!scenes.empty() && std::ranges::find(scenes, Name{controls.scene}) == scenes.end()) continue;
    const ProgramVoice& voice = program->voices[w];
    const Dice dice = voice.mode_stream.at(trigger.key);
    if (!(dice.uniform(sounding_draw) < how.probability.value)) continue;
    const Step step{voice.material, dice, voices[w].position, voices[w].chooser};
    cause.place = std::get<FollowPlayer>(voices[w].player).slice_for(*draft.played.slice, draft.played.place, step);
    if (cause.beat > now)
      waiting.emplace(When{cause.beat, w, serial++}, cause);
    else
      play_follower(w, cause, now);
  }
}

void Sequencer::State::play_follower(std::size_t w, const Trigger& cause, double now) {
  // What it follows may be in the middle of its step.
  const auto moving = std::exchange(asked_to_move, std::nullopt);
  decide(w, cause, now);
  move_on(w, asked_to_move ? &*asked_to_move : nullptr);
  asked_to_move = moving;
}

}  // namespace sfa::rules
