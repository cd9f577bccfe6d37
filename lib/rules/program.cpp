#include "program.hpp"

#include <algorithm>
#include <functional>

#include "sfa/audio/error.hpp"

namespace sfa::rules {
namespace {

[[noreturn]] void fail(const std::string& message) { throw Error(Error::Kind::invalid_argument, message); }

void visit_conditions(const Condition& condition, const std::function<void(const Condition&)>& visit) {
  visit(condition);
  const auto inside = [&](const auto& group) {
    for (const Condition& inner : group.of) visit_conditions(inner, visit);
  };
  if (const auto* all = std::get_if<All>(&condition.test)) inside(*all);
  if (const auto* any = std::get_if<Any>(&condition.test)) inside(*any);
  if (const auto* is_not = std::get_if<Not>(&condition.test)) inside(*is_not);
}

/// How much earlier than its step a voice's own timing can put an event, in steps.
double earliest_steps(const Voice& voice) {
  const double groove = voice.groove.empty() ? 0.0 : *std::ranges::min_element(voice.groove);
  return std::clamp(voice.shift - voice.humanize + std::min(groove, 0.0), -0.5, 0.0);
}

void set_grid(ProgramVoice& voice, const Program& program) {
  voice.steps_in_span = voice.voice->steps_per_beat;
  if (const auto* poly = std::get_if<Polyrhythm>(&voice.voice->mode)) {
    voice.steps_in_span = common_steps(*poly);
    voice.span_beats = poly->beats > 0.0 ? poly->beats : program.bar_beats;
    voice.natural_steps = voice.steps_in_span;
  } else if (const auto* euclid = std::get_if<Euclidean>(&voice.voice->mode)) {
    voice.natural_steps = euclid->steps;
  } else if (const auto* pattern = std::get_if<StepPattern>(&voice.voice->mode)) {
    voice.natural_steps = static_cast<std::int64_t>(parse_steps(pattern->steps).size());
  }
  voice.step_beats = voice.beat_of(1);
}

/// What rules ask for that only the slices can tell.
void check_against_slices(const ProgramVoice& voice) {
  const auto& slices = voice.material.slices;
  const bool sections =
      std::ranges::any_of(slices, [](const SliceFacts& s) { return !s.section.empty() || !s.role.empty(); });
  for (const BoundRule& bound : voice.rules) {
    visit_conditions(bound.rule->when, [&](const Condition& condition) {
      if (std::holds_alternative<InSection>(condition.test) && !sections)
        fail("rule " + bound.rule->id + ": section: no sections of the song are known");
    });
    for (const Action& action : bound.rule->actions) {
      const auto* play = std::get_if<Play>(&action.change);
      if (play != nullptr && std::ranges::find(slices, play->slice, &SliceFacts::id) == slices.end())
        fail("rule " + bound.rule->id + ": play: voice " + voice.voice->name.text + " has no slice " +
             std::to_string(play->slice));
    }
  }
}

}  // namespace

Program::Program(RuleSet given, const std::vector<std::vector<SliceFacts>>& slices, const Settings& settings)
    : set(std::move(given)), meter(set.meter.value_or(settings.meter)) {
  number_rules(set);
  set.meter = meter;
  check(set);
  if (set.voices.empty()) fail("there is no voice");
  if (slices.size() != set.voices.size()) fail("each voice takes slices of its own");
  beat_beats = 4.0 / meter.denominator;
  bar_beats = rules::bar_beats(meter);

  for (const Rule& rule : set.rules) rules.push_back(&rule);
  for (std::size_t v = 0; v < set.voices.size(); ++v) {
    const Voice& voice = set.voices[v];
    const std::string& name = voice.name.text;
    Material material = make_material(voice, slices[v]);
    const Stream stream(settings.seed, name);
    Player player = std::visit([&](const auto& mode) -> Player { return make_player(mode, voice, material, stream); },
                               voice.mode);
    ProgramVoice& ready =
        voices.emplace_back(ProgramVoice{&voice, std::move(material), stream, std::move(player), {}, {}});
    set_grid(ready, *this);
    for (std::size_t i = 0; i < set.rules.size(); ++i)
      ready.rules.push_back({&set.rules[i], i, Stream(settings.seed, name + "/" + set.rules[i].id)});
    for (const Rule& rule : voice.rules) {
      ready.rules.push_back({&rule, rules.size(), Stream(settings.seed, name + "/" + rule.id)});
      rules.push_back(&rule);
    }
    check_against_slices(ready);
  }
  for (std::size_t v = 0; v < voices.size(); ++v)
    if (const auto* follow = std::get_if<Follow>(&set.voices[v].mode))
      voices[static_cast<std::size_t>(find_voice(follow->voice.text) - voices.data())].followers.push_back(v);

  // Each decides no earlier than what it follows.
  for (ProgramVoice& voice : voices) {
    for (const ProgramVoice* at = &voice;;) {
      voice.earliest += earliest_steps(*at->voice) * at->step_beats;
      const auto* follow = std::get_if<Follow>(&at->voice->mode);
      if (follow == nullptr) break;
      voice.earliest += std::min(0.0, follow->delay);
      at = find_voice(follow->voice.text);
    }
    lead_beats = std::max(lead_beats, -voice.earliest);
  }
  if (lead_beats > 0.0) lead_beats += 1e-6;  // for rounding

  for (const Rule* rule : rules)
    visit_conditions(rule->when, [&](const Condition& condition) {
      const auto* seen = std::get_if<Seen>(&condition.test);
      if (seen == nullptr || seen->what.kind != Sought::Kind::rule) return;
      if (std::ranges::find(sought, seen->what.name) == sought.end()) sought.push_back(seen->what.name);
    });
  if (sought.size() > 64) fail("\"seen rule\" asks for more than 64 different rules");
}

const ProgramVoice* Program::find_voice(std::string_view name) const {
  for (const ProgramVoice& voice : voices)
    if (voice.voice->name.text == name) return &voice;
  return nullptr;
}

std::size_t Program::number_of(std::string_view rule_id) const {
  std::size_t number = 0;
  while (number < rules.size() && rules[number]->id != rule_id) ++number;
  return number;
}

}  // namespace sfa::rules
