// A rule set made ready, and what its voices have come to. Private to lib/rules.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "modes/players.hpp"
#include "sfa/rules/event.hpp"
#include "sfa/rules/rule_set.hpp"
#include "sfa/rules/sequencer.hpp"

namespace sfa::rules {

/// A rule as one voice asks it.
struct BoundRule {
  const Rule* rule = nullptr;
  std::size_t number = 0;  // in the set
  Stream stream;
};

struct ProgramVoice {
  const Voice* voice = nullptr;
  Material material;
  Stream mode_stream;
  Player player;  // as it begins
  std::vector<BoundRule> rules;
  std::vector<std::size_t> followers;  // places of voices
  double step_beats = 0.25;
  std::int64_t steps_in_span = 1;  // a step is span_beats / steps_in_span
  double span_beats = 1.0;
  std::int64_t natural_steps = 0;  // of the mode's pattern; 0: it has none
  double earliest = 0.0;           // of its events against the step they come from, in beats, <= 0

  [[nodiscard]] double beat_of(std::int64_t tick) const {
    return static_cast<double>(tick) * span_beats / static_cast<double>(steps_in_span);
  }
  [[nodiscard]] std::int64_t pattern_steps() const { return voice->length > 0 ? voice->length : natural_steps; }
  [[nodiscard]] bool follows() const { return std::holds_alternative<Follow>(voice->mode); }
};

/// All of it stays as it is while it plays.
struct Program {
  Program(RuleSet set, const std::vector<std::vector<SliceFacts>>& slices, const Settings& settings);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  RuleSet set;
  std::vector<const Rule*> rules;   // by number
  std::vector<std::string> sought;  // rules that `seen rule` asks for: a bit each in Played::fired
  std::vector<ProgramVoice> voices;
  Meter meter;
  double bar_beats = 4.0, beat_beats = 1.0;  // in quarter notes
  double lead_beats = 0.0;

  [[nodiscard]] const ProgramVoice* find_voice(std::string_view name) const;
  [[nodiscard]] std::size_t number_of(std::string_view rule_id) const;  // rules.size() if there is none
};

/// What conditions can ask of an event.
struct Played {
  double beat = 0.0;  // of its step: where swing and groove put it does not matter
  const SliceFacts* slice = nullptr;
  std::size_t place = 0;  // of the slice among the voice's
  double velocity = 1.0, pitch = 0.0, rate = 1.0, pan = 0.0;
  std::int64_t count = 1, plays = 1, consecutive = 1, step = 1, pass = 1;
  std::uint64_t fired = 0;  // of the rules in Program::sought
};

/// A voice's past by beat: no more than 64 beats and 1024 events of it.
class History {
 public:
  void add(const Played& played);
  /// The last at or before a beat, or null.
  [[nodiscard]] const Played* last(double beat) const;
  [[nodiscard]] const std::deque<Played>& all() const { return played_; }
  [[nodiscard]] std::deque<Played>& all() { return played_; }

 private:
  std::deque<Played> played_;
};

struct VoiceState {
  Player player;
  Chooser chooser;
  std::int64_t tick = 0;                // the next step
  std::int64_t position = 0, pass = 1;  // in the pattern
  std::int64_t count = 0;               // events of the plain pattern so far
  std::vector<std::int64_t> plays;      // of each slice
  std::size_t last_slice = 0;
  std::int64_t consecutive = 0;  // 0: nothing was played yet
  bool fired = false;            // a rule, on the last event
  History history{};
};

/// What rules have come to and players may change.
struct Controls {
  double bpm = 120.0;
  bool fill = false;
  int fill_bars = 0;
  std::string scene;
  std::map<std::string, double, std::less<>> variables;
  std::vector<double> probabilities;  // by number of the rule
  std::vector<char> enabled, fired;
};

/// An event on its way through the rules.
struct Draft {
  Played played;
  Event event;  // all but what `played` holds, and the times
  int hits = 1;
  double decay = 0.8, ramp = 0.0;
  double gate_steps = 0.0;
  bool skipped = false, restart = false;
  std::int64_t jump = 0;  // 0: none
};

/// Sets the event's slice and counts its plays.
void set_slice(Draft& draft, const ProgramVoice& voice, const VoiceState& state, std::size_t place);

struct Moment {
  const Program& program;
  std::size_t voice = 0;
  const std::vector<VoiceState>& voices;
  Controls& controls;
  bool explain = false;
};

/// Draws of a rule: the first is its own, then its conditions', then two for each action.
enum RuleDraw : std::uint16_t { own_draw = 0, first_condition_draw = 1, first_action_draw = 256 };

/// Whether a condition holds for `draft`.
[[nodiscard]] bool holds(const Condition& condition, const Draft& draft, const Moment& moment, const Dice& dice,
                         bool pre);

/// Does what one action says; `draw` may be used for a choice.
void change(const Change& change, Draft& draft, const Moment& moment, const Dice& dice, std::uint16_t draw);

/// Puts an event through all rules of its voice.
void apply_rules(Draft& draft, const Moment& moment, std::uint64_t key);

}  // namespace sfa::rules
