#include <algorithm>
#include <cmath>

#include "program.hpp"

namespace sfa::rules {
namespace {

double feature(const SliceFacts& slice, Choose::Feature by) {
  switch (by) {
    case Choose::Feature::energy: return slice.rms_db;
    case Choose::Feature::brightness: return slice.centroid_hz;
    case Choose::Feature::flatness: return slice.flatness;
    case Choose::Feature::note: return slice.note;
    case Choose::Feature::length: return slice.duration;
  }
  return 0.0;
}

/// The other slice whose feature is nearest; the same where there is no other.
std::size_t nearest(const std::vector<SliceFacts>& slices, std::size_t place, Choose::Feature by) {
  std::size_t best = place;
  double least = INFINITY;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const double away = std::abs(feature(slices[i], by) - feature(slices[place], by));
    if (i == place || !(away < least)) continue;
    best = i;
    least = away;
  }
  return best;
}

struct Changing {
  Draft& draft;
  const Moment& moment;
  const Dice& dice;
  std::uint16_t draw;

  void operator()(Skip) const { draft.skipped = true; }
  void operator()(Double) const { (*this)(Ratchet{.hits = 2, .decay = 1.0, .ramp = 0.0}); }
  void operator()(const Ratchet& into) const {
    draft.hits = into.hits;
    draft.decay = into.decay;
    draft.ramp = into.ramp;
  }
  void operator()(const Pitch& by) const {
    draft.played.pitch = std::clamp(draft.played.pitch + by.semitones, -96.0, 96.0);
  }
  void operator()(const Rate& by) const {
    draft.played.rate = std::clamp(draft.played.rate * by.factor, 1.0 / 64.0, 64.0);
  }
  void operator()(Reverse) const { draft.event.reverse = !draft.event.reverse; }
  void operator()(const Gain& by) const {
    draft.event.gain_db = std::clamp(draft.event.gain_db + by.db, -120.0, 24.0);
  }
  void operator()(const Pan& to) const { draft.played.pan = to.position; }
  void operator()(const Gate& to) const { draft.gate_steps = to.steps; }
  void operator()(const Filter& filter) const { draft.event.filter = filter; }
  void operator()(const Velocity& by) const {
    draft.played.velocity = std::min(1.0, draft.played.velocity * by.factor);
  }
  void operator()(const Choose& choose) const { set(chosen(choose)); }
  void operator()(const Play& play) const {
    const auto& slices = program_voice().material.slices;
    const auto found = std::ranges::find(slices, play.slice, &SliceFacts::id);
    if (found != slices.end()) set(static_cast<std::size_t>(found - slices.begin()));
  }
  void operator()(const Jump& to) const { draft.jump = to.step; }
  void operator()(Restart) const { draft.restart = true; }
  void operator()(const MuteGroup& in) const { draft.event.mute_group = in.group; }
  void operator()(const Set& set) const {
    double& value = moment.controls.variables.find(set.variable.text)->second;
    const double by = set.to.value;
    switch (set.to.how) {
      case Assignment::How::set: value = by; break;
      case Assignment::How::add: value += by; break;
      case Assignment::How::subtract: value -= by; break;
      case Assignment::How::multiply: value *= by; break;
    }
    value = std::clamp(value, -1e9, 1e9);
  }
  void operator()(const SwitchScene& to) const { moment.controls.scene = to.scene.text; }
  void operator()(const Midi& message) const { draft.event.midi.push_back(message); }
  void operator()(const Osc& message) const { draft.event.osc.push_back(message); }

 private:
  [[nodiscard]] const ProgramVoice& program_voice() const { return moment.program.voices[moment.voice]; }
  void set(std::size_t place) const { set_slice(draft, program_voice(), moment.voices[moment.voice], place); }

  [[nodiscard]] std::size_t chosen(const Choose& choose) const {
    const Material& material = program_voice().material;
    const VoiceState& state = moment.voices[moment.voice];
    const std::size_t place = draft.played.place, count = material.slices.size();
    switch (choose.how) {
      case Choose::How::next: return (place + 1) % count;
      case Choose::How::previous: return (place + count - 1) % count;
      case Choose::How::same: return state.consecutive > 0 ? state.last_slice : place;
      case Choose::How::random: return dice.below(draw, count);
      case Choose::How::weighted: return weighted(material, dice.uniform(draw));
      case Choose::How::nearest: return nearest(material.slices, place, choose.by);
    }
    return place;
  }
};

}  // namespace

void set_slice(Draft& draft, const ProgramVoice& voice, const VoiceState& state, std::size_t place) {
  Played& played = draft.played;
  played.place = place;
  played.slice = &voice.material.slices[place];
  played.plays = state.plays[place] + 1;
  played.consecutive = state.consecutive > 0 && state.last_slice == place ? state.consecutive + 1 : 1;
}

void change(const Change& change, Draft& draft, const Moment& moment, const Dice& dice, std::uint16_t draw) {
  std::visit(Changing{draft, moment, dice, draw}, change);
}

}  // namespace sfa::rules
