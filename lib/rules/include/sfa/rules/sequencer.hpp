// From rules and what is known of the slices to events, one window after another and without an end.
//
// Time is what the voices' steps make it. At each step, in the order of their beats and, at the same beat, of the
// voices in the set, the mode says what sounds; each such event goes through the rules, those of the set and then
// the voice's own, in their order; what is left of it is remembered and sets its followers going. A follower that
// comes later waits for its beat, any other is made at once. No event makes more than one for each voice, voices
// cannot follow in a circle, a step plays 8 slices at most and a ratchet has 32 hits: so each step ends.
//
// A follower may sound before what it follows, and groove before its step. So decisions run `lead_beats()`, a
// constant of the rules, ahead of the events that are given out: flags and variables act that much later.
//
// Every random choice is looked up (see dice.hpp) under the voice, the rule's id and the event: one rule more or
// less, or another probability in one, leaves all others' as they were.
//
// Windows: whatever ends advance() is given, the events are the same. Memory does not grow with time. Not for the
// audio thread: events hold strings. A worker calls it ahead of time. A copy is an independent sequencer in the
// same state, which is how to save one and go back to it.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/rules/event.hpp"
#include "sfa/rules/rule_set.hpp"
#include "sfa/rules/slice_facts.hpp"

namespace sfa::rules {

struct Settings {
  std::uint64_t seed = 0;
  double bpm = 120.0;     // where the set does not say, 10 to 1000
  Meter meter{};          // where the set does not say
  int fill_bars = 0;      // fill holds in every so many-th bar, 1 to 9999; 0: in none
  double end_beat = 0.0;  // events of steps from here on are left out, even if they would sound earlier; 0: none
  bool explain = false;   // events say which rules fired and on which draw
};

class Sequencer {
 public:
  /// `slices[v]` are what voice v can play. Throws what check() throws, and Error::invalid_argument for a voice
  /// without slices, a step pattern or weights that do not fit them, and for `section` where no slice has one.
  Sequencer(RuleSet rules, const std::vector<std::vector<SliceFacts>>& slices, const Settings& settings);
  Sequencer(const Sequencer& other);
  Sequencer(Sequencer&&) noexcept;
  Sequencer& operator=(Sequencer other) noexcept;
  ~Sequencer();

  /// Appends the events from where the last call ended (at first 0) up to `beat`, not included, in ascending time.
  /// Does nothing for a beat that is behind.
  void advance(double beat, std::vector<Event>& events);

  [[nodiscard]] double beat() const;  // where the next advance() begins
  [[nodiscard]] double lead_beats() const;
  [[nodiscard]] double bpm() const;
  [[nodiscard]] Meter meter() const;
  [[nodiscard]] double bar_beats() const;  // quarter notes in a bar
  [[nodiscard]] const RuleSet& rules() const;

  // What a player may change between two windows; it holds for all that is decided from then on.
  void set_fill(bool on);
  void set_tempo(double bpm);             // 10 to 1000; times go on from where they are
  void set_scene(std::string_view name);  // Error::invalid_argument for what is no name
  [[nodiscard]] const std::string& scene() const;
  // Each of these is false where nothing is called so.
  bool set_variable(std::string_view name, double value);
  [[nodiscard]] std::optional<double> variable(std::string_view name) const;
  bool enable_rule(std::string_view id, bool on);
  bool set_probability(std::string_view id, double probability);

  /// Other rules from here on: tempo, scene, what variables and voices of the same name have come to stay. A voice
  /// whose mode changed begins its pattern anew. Throws as the constructor and then goes on as before.
  void replace(RuleSet rules, const std::vector<std::vector<SliceFacts>>& slices);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What a pattern's events share: all but the events and the duration.
[[nodiscard]] Events describe(const Sequencer& sequencer, std::uint64_t seed);

/// `bars` of them, 1 to 9999, as a whole. Throws as Sequencer does, and Error::invalid_argument for more than 400000
/// events (more do not fit into a document) or a million seconds.
[[nodiscard]] Events generate(const RuleSet& rules, const std::vector<std::vector<SliceFacts>>& slices,
                              const Settings& settings, int bars);

}  // namespace sfa::rules
