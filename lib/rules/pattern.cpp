#include "sfa/rules/pattern.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::rules {
namespace {

constexpr double ratchet_decay = 0.8;  // by ear: the hits fall off like a bounced stick's
constexpr int most_steps = 1'000'000;
constexpr std::size_t most_events = 400'000;

[[noreturn]] void fail(const std::string& message) { throw Error(Error::Kind::invalid_argument, message); }

void check(bool holds, const char* message) {
  if (!holds) fail(message);
}

/// What draws random numbers: each has a stream for each step.
enum Drawer : std::uint64_t { sounding = 0, choosing = 1, first_rule = 2 };

Random stream(std::uint64_t seed, std::uint64_t drawer, int step) {
  return Random(seed, (drawer << 32) + static_cast<std::uint64_t>(step));
}

/// The grid of steps.
class Grid {
 public:
  explicit Grid(const Pattern& pattern)
      : step_beats_(1.0 / pattern.steps_per_beat), swing_(pattern.swing), denominator_(pattern.meter.denominator) {
    const int sixty_fourths = pattern.meter.numerator * (64 / pattern.meter.denominator) * pattern.steps_per_beat;
    if (sixty_fourths % 16 != 0) {
      fail("a bar of " + std::to_string(pattern.meter.numerator) + "/" + std::to_string(pattern.meter.denominator) +
           " is no whole number of steps with " + std::to_string(pattern.steps_per_beat) + " of them in a quarter note");
    }
    bar_steps_ = sixty_fourths / 16;
    check(bar_steps_ <= most_steps / pattern.bars, "the pattern has more than a million steps");
    steps_ = bar_steps_ * pattern.bars;
  }

  [[nodiscard]] int steps() const { return steps_; }
  [[nodiscard]] double beats() const { return steps_ * step_beats_; }

  /// Where a step begins, in quarter notes.
  [[nodiscard]] double beat(int step) const {
    return (step % 2 == 0 ? step : step - 1 + 2.0 * swing_) * step_beats_;
  }

  /// Bars, beats of the meter, and beats of the meter within the bar; the first is 1.
  [[nodiscard]] int bar_number(int step) const { return step / bar_steps_ + 1; }
  [[nodiscard]] int beat_number(int step) const {
    return (bar_number(step) - 1) * beats_before(bar_steps_) + beat_of_bar(step);
  }
  [[nodiscard]] int beat_of_bar(int step) const { return beats_before(step % bar_steps_) + 1; }

 private:
  /// Whole beats of the meter in so many steps.
  [[nodiscard]] int beats_before(int steps) const {
    return static_cast<int>(std::floor(steps * step_beats_ * denominator_ / 4.0 + 1e-9));
  }

  double step_beats_, swing_;
  int denominator_, bar_steps_ = 1, steps_ = 0;
};

/// One sounding step on its way through the rules.
struct Draft {
  int step = 0;
  int number = 1;  // of the events of the plain pattern
  const SliceFacts* slice = nullptr;
  Event event;
  int hits = 1;
  bool skipped = false;
};

class Conditions {
 public:
  Conditions(const Draft& draft, const Grid& grid, Random& random) : draft_(draft), grid_(grid), random_(random) {}

  bool operator()(const Every& every) const {
    const int number = every.unit == Every::Unit::events  ? draft_.number
                       : every.unit == Every::Unit::beats ? grid_.beat_number(draft_.step)
                                                          : grid_.bar_number(draft_.step);
    return number % every.count == 0;
  }
  bool operator()(const OnBeat& on) const { return grid_.beat_of_bar(draft_.step) == on.beat; }
  bool operator()(const OfClass& of) const { return draft_.slice->class_name == of.name; }
  bool operator()(const Louder& than) const { return draft_.slice->rms_db >= than.rms_db; }
  bool operator()(const Quieter& than) const { return draft_.slice->rms_db < than.rms_db; }
  bool operator()(const Chance& chance) const { return random_.uniform() < chance.probability; }

 private:
  const Draft& draft_;
  const Grid& grid_;
  Random& random_;
};

struct Changes {
  Draft& draft;
  void operator()(const Skip&) const { draft.skipped = true; }
  void operator()(const Reverse&) const { draft.event.reverse = !draft.event.reverse; }
  void operator()(const Pitch& by) const {
    draft.event.pitch = std::clamp(draft.event.pitch + by.semitones, -96.0, 96.0);
  }
  void operator()(const Ratchet& into) const { draft.hits = into.hits; }
  void operator()(const Velocity& by) const { draft.event.velocity *= by.factor; }
  void operator()(const Pan& to) const { draft.event.pan = to.position; }
};

void apply(const Rule& rule, std::size_t index, const Grid& grid, std::uint64_t seed, Draft& draft) {
  Random random = stream(seed, first_rule + index, draft.step);
  bool holds = true;
  // Every chance draws, whatever the others say: the draws behind it stay the same.
  for (const Condition& condition : rule.conditions) holds &= std::visit(Conditions(draft, grid, random), condition);
  bool changed = false;
  for (const Action& action : rule.actions) {
    const bool happens = random.uniform() < action.probability;
    if (!holds || !happens) continue;
    std::visit(Changes{draft}, action.change);
    changed = true;
  }
  if (!changed) return;
  if (!draft.event.rule.empty()) draft.event.rule += ',';
  draft.event.rule += std::to_string(index + 1);
}

/// Chooses slices one after another.
class Chooser {
 public:
  Chooser(Choice choice, std::uint64_t seed, std::size_t count) : choice_(choice), seed_(seed), count_(count) {}

  std::size_t choose(int step) {
    Random random = stream(seed_, choosing, step);
    std::size_t chosen = next_;  // the one after the last
    if (choice_ == Choice::random || (choice_ == Choice::no_repeat && first_))
      chosen = random.below(count_);
    else if (choice_ == Choice::no_repeat && count_ > 1)
      chosen = (next_ + random.below(count_ - 1)) % count_;  // any of the others
    first_ = false;
    next_ = (chosen + 1) % count_;
    return chosen;
  }

 private:
  Choice choice_;
  std::uint64_t seed_;
  std::size_t count_;
  std::size_t next_ = 0;
  bool first_ = true;
};

void check(const Pattern& pattern) {
  const auto power_of_two = [](int n) { return n > 0 && (n & (n - 1)) == 0; };
  check(pattern.meter.numerator >= 1 && pattern.meter.numerator <= 64, "the meter's numerator must be from 1 to 64");
  check(power_of_two(pattern.meter.denominator) && pattern.meter.denominator <= 64,
        "the meter's denominator must be a power of two up to 64");
  check(pattern.bpm >= 10.0 && pattern.bpm <= 1000.0, "the tempo must be from 10 to 1000 beats a minute");
  check(pattern.bars >= 1 && pattern.bars <= 9999, "bars must be from 1 to 9999");
  check(pattern.steps_per_beat >= 1 && pattern.steps_per_beat <= 96, "steps in a beat must be from 1 to 96");
  check(pattern.swing >= 0.5 && pattern.swing <= 0.75, "swing must be from 0.5 to 0.75");
  check(pattern.gate_steps >= 0.0 && pattern.gate_steps <= 64.0, "the gate must be from 0 to 64 steps");
  check(pattern.mode.probability >= 0.0 && pattern.mode.probability <= 1.0, "a probability must be from 0 to 1");
}

/// Appends an event, or as many hits as its ratchet has.
void emit(const Draft& draft, double step_beats, double beat_seconds, std::vector<Event>& events) {
  Event hit = draft.event;
  const double spacing = step_beats / draft.hits;
  for (int i = 0; i < draft.hits; ++i) {
    hit.beat = draft.event.beat + i * spacing;
    hit.time = hit.beat * beat_seconds;
    hit.gate = draft.event.gate;
    const double until_next = spacing * beat_seconds;
    if (i + 1 < draft.hits) hit.gate = hit.gate > 0.0 ? std::min(hit.gate, until_next) : until_next;
    events.push_back(hit);
    hit.velocity *= ratchet_decay;
  }
}

}  // namespace

Events generate(const Pattern& pattern, std::span<const SliceFacts> slices) {
  check(pattern);
  check(!slices.empty(), "there are no slices to play");
  const Grid grid(pattern);
  const std::vector<bool> rhythm = euclid(pattern.mode.rhythm);
  const double beat_seconds = 60.0 / pattern.bpm;
  check(grid.beats() * beat_seconds <= longest_document_seconds, "the pattern is longer than a million seconds");

  Events result{.bpm = pattern.bpm, .meter = pattern.meter, .seed = pattern.seed,
                .duration = grid.beats() * beat_seconds, .bank = {}, .mode = pattern.mode.text, .rules = {}, .events = {}};
  for (const Rule& rule : pattern.rules) result.rules.push_back(rule.text);

  Chooser chooser(pattern.mode.choice, pattern.seed, slices.size());
  int number = 0;
  for (int step = 0; step < grid.steps(); ++step) {
    if (!rhythm[static_cast<std::size_t>(step) % rhythm.size()]) continue;
    if (stream(pattern.seed, sounding, step).uniform() >= pattern.mode.probability) continue;
    Draft draft{.step = step, .number = ++number, .slice = &slices[chooser.choose(step)], .event = {}};
    draft.event.slice = draft.slice->id;
    draft.event.beat = grid.beat(step);
    draft.event.gate = pattern.gate_steps * beat_seconds / pattern.steps_per_beat;
    for (std::size_t i = 0; i < pattern.rules.size(); ++i) {
      apply(pattern.rules[i], i, grid, pattern.seed, draft);
    }
    const double step_beats = grid.beat(step + 1) - grid.beat(step);
    if (!draft.skipped) emit(draft, step_beats, beat_seconds, result.events);
    check(result.events.size() <= most_events, "the pattern has more than 400000 events");
  }
  return result;
}

}  // namespace sfa::rules
