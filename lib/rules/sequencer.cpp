#include "sfa/rules/sequencer.hpp"

#include <algorithm>
#include <utility>

#include "sequencer_state.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::rules {
namespace {

constexpr std::size_t most_events = 400'000;

void require(bool holds, const std::string& message) {
  if (!holds) throw Error(Error::Kind::invalid_argument, message);
}

}  // namespace

Sequencer::Sequencer(RuleSet rules, const std::vector<std::vector<SliceFacts>>& slices, const Settings& settings)
    : state_(std::make_unique<State>(std::make_shared<const Program>(std::move(rules), slices, settings), settings)) {
}
Sequencer::Sequencer(const Sequencer& other) : state_(std::make_unique<State>(*other.state_)) {}
Sequencer::Sequencer(Sequencer&&) noexcept = default;
Sequencer& Sequencer::operator=(Sequencer other) noexcept {
  state_ = std::move(other.state_);
  return *this;
}
Sequencer::~Sequencer() = default;

void Sequencer::advance(double beat, std::vector<Event>& events) { state_->advance(beat, events); }
double Sequencer::beat() const { return state_->position; }
double Sequencer::lead_beats() const { return state_->program->lead_beats; }
double Sequencer::bpm() const { return state_->controls.bpm; }
Meter Sequencer::meter() const { return state_->program->meter; }
double Sequencer::bar_beats() const { return state_->program->bar_beats; }
const RuleSet& Sequencer::rules() const { return state_->program->set; }
void Sequencer::set_fill(bool on) { state_->controls.fill = on; }
const std::string& Sequencer::scene() const { return state_->controls.scene; }

void Sequencer::set_tempo(double bpm) {
  require(bpm >= 10.0 && bpm <= 1000.0, "the tempo must be from 10 to 1000 beats a minute");
  state_->base_time = state_->time_of(state_->position);
  state_->base_beat = state_->position;
  state_->controls.bpm = bpm;
}

void Sequencer::set_scene(std::string_view name) {
  require(is_name(name), "scene \"" + std::string(name) + "\": is no name");
  state_->controls.scene = name;
}

bool Sequencer::set_variable(std::string_view name, double value) {
  const auto found = state_->controls.variables.find(name);
  if (found == state_->controls.variables.end() || !(value >= -1e9 && value <= 1e9)) return false;
  found->second = value;
  return true;
}

std::optional<double> Sequencer::variable(std::string_view name) const {
  const auto found = state_->controls.variables.find(name);
  return found == state_->controls.variables.end() ? std::nullopt : std::optional(found->second);
}

bool Sequencer::enable_rule(std::string_view id, bool on) {
  const std::size_t number = state_->program->number_of(id);
  if (number == state_->program->rules.size()) return false;
  state_->controls.enabled[number] = on;
  return true;
}

bool Sequencer::set_probability(std::string_view id, double probability) {
  const std::size_t number = state_->program->number_of(id);
  if (number == state_->program->rules.size() || !(probability >= 0.0 && probability <= 1.0)) return false;
  state_->controls.probabilities[number] = probability;
  return true;
}

void Sequencer::replace(RuleSet rules, const std::vector<std::vector<SliceFacts>>& slices) {
  auto next = std::make_unique<State>(std::make_shared<const Program>(std::move(rules), slices, state_->settings),
                                      state_->settings);
  next->take_over(*state_);
  state_ = std::move(next);
}

Events describe(const Sequencer& sequencer, std::uint64_t seed) {
  Events result{.bpm = sequencer.bpm(),
                .meter = sequencer.meter(),
                .seed = seed,
                .duration = 0.0,
                .bank = {},
                .mode = {},
                .rules = {},
                .voices = {},
                .events = {}};
  const RuleSet& set = sequencer.rules();
  std::size_t number = 0;
  const auto add = [&](Rule rule) {
    ++number;
    if (rule.enabled && rule.id == "r" + std::to_string(number)) rule.id.clear();
    result.rules.push_back(to_text(rule));
  };
  std::ranges::for_each(set.rules, add);
  for (const Voice& voice : set.voices) {
    std::ranges::for_each(voice.rules, add);
    result.voices.push_back({voice.name.text, voice.bank, to_text(voice.mode)});
  }
  return result;
}

Events generate(const RuleSet& rules, const std::vector<std::vector<SliceFacts>>& slices, const Settings& wanted,
                int bars) {
  require(bars >= 1 && bars <= 9999, "bars must be from 1 to 9999");
  Settings settings = wanted;
  settings.end_beat = bars * bar_beats(rules.meter.value_or(wanted.meter));
  Sequencer sequencer(rules, slices, settings);
  Events result = describe(sequencer, settings.seed);
  result.duration = bars * sequencer.bar_beats() * 60.0 / sequencer.bpm();
  require(result.duration <= longest_document_seconds, "the pattern is longer than a million seconds");
  for (int bar = 1; bar <= bars; ++bar) {
    sequencer.advance(bar * sequencer.bar_beats(), result.events);
    require(result.events.size() <= most_events, "the pattern has more than 400000 events");
  }
  return result;
}

}  // namespace sfa::rules
