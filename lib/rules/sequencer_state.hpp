// What a Sequencer is made of. Private to lib/rules.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "program.hpp"

namespace sfa::rules {

/// What sets an event going.
struct Trigger {
  std::uint64_t key = 0;     // names the event for the dice; a follower has that of what it follows
  double beat = 0.0;         // of the step
  double sounding = 0.0;     // where it would sound without the voice's own shift
  double span_beats = 0.25;  // what a ratchet divides
  std::size_t place = 0;     // of the slice
  double velocity = 1.0, pitch = 0.0;
  int hits = 1;
};

struct Sequencer::State {
  State(std::shared_ptr<const Program> ready, const Settings& wanted);

  void advance(double beat, std::vector<Event>& events);
  /// Other rules in the place of those there are; see Sequencer::replace().
  void take_over(const State& before);

  std::shared_ptr<const Program> program;
  Settings settings;
  Controls controls;
  std::vector<VoiceState> voices;
  double position = 0.0;                    // events before it were given out
  double base_beat = 0.0, base_time = 0.0;  // where the tempo began

  using When = std::tuple<double, std::size_t, std::uint64_t>;  // beat, voice, which was first

  [[nodiscard]] double time_of(double beat) const { return base_time + (beat - base_beat) * 60.0 / controls.bpm; }
  [[nodiscard]] std::pair<double, std::size_t> next_step() const;
  void step(std::size_t v);
  void move_on(std::size_t v, const Draft* last);
  void begin_anew(std::size_t v);
  [[nodiscard]] double moved(std::size_t v, double sounding, const Dice& dice) const;
  void decide(std::size_t v, Trigger trigger, double now);
  void emit(std::size_t v, Draft& draft, double sounding, double span_beats);
  void follow(std::size_t v, const Trigger& trigger, const Draft& draft, double sounding, double now);
  void play_follower(std::size_t w, const Trigger& cause, double now);
  void carry_over(std::size_t v, const State& before, std::size_t old);

  std::map<When, Trigger> waiting;                          // followers whose beat has not come
  std::map<std::pair<double, std::uint64_t>, Event> ready;  // decided, and not yet given out
  std::uint64_t serial = 0, next_id = 0;
  std::optional<Draft> asked_to_move;  // jump or restart in the step that is made
  double decided = 0.0;                // all steps before this beat were made
};

}  // namespace sfa::rules
