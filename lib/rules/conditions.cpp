#include <algorithm>
#include <cmath>
#include <limits>

#include "program.hpp"

namespace sfa::rules {
namespace {

constexpr double rounding = 1e-9;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

double floored(double x) { return std::floor(x + rounding); }

/// Where a beat lies in its bar, in quarter notes.
double in_bar(double beat, const Program& program) {
  return std::max(0.0, beat - floored(beat / program.bar_beats) * program.bar_beats);
}

double bar_number(double beat, const Program& program) { return floored(beat / program.bar_beats) + 1.0; }

double position(Quantity quantity, const Played& played, const Program& program, double bpm) {
  const double inside = in_bar(played.beat, program);
  switch (quantity) {
    case Quantity::beat: return floored(inside / program.beat_beats) + 1.0;
    case Quantity::bar: return bar_number(played.beat, program);
    case Quantity::phase: return inside / program.bar_beats;
    case Quantity::subbeat: return std::max(0.0, inside / program.beat_beats - floored(inside / program.beat_beats));
    case Quantity::step: return static_cast<double>(played.step);
    case Quantity::pass: return static_cast<double>(played.pass);
    default: return played.beat * 60.0 / bpm;  // time
  }
}

double property(Quantity quantity, const Played& played, const Program& program, double bpm) {
  const SliceFacts& slice = *played.slice;
  switch (quantity) {
    case Quantity::slice: return slice.id;
    case Quantity::count: return static_cast<double>(played.count);
    case Quantity::plays: return static_cast<double>(played.plays);
    case Quantity::consecutive: return static_cast<double>(played.consecutive);
    case Quantity::velocity: return played.velocity;
    case Quantity::pitch: return played.pitch;
    case Quantity::rate: return played.rate;
    case Quantity::pan: return played.pan;
    case Quantity::energy: return slice.rms_db;
    case Quantity::brightness: return slice.centroid_hz;
    case Quantity::flatness: return slice.flatness;
    case Quantity::note: return slice.note >= 0 ? slice.note : none;
    case Quantity::length: return slice.duration;
    default: return position(quantity, played, program, bpm);
  }
}

class Asked {
 public:
  Asked(const Draft& draft, const Moment& moment, const Dice& dice, bool pre)
      : draft_(draft), moment_(moment), dice_(dice), pre_(pre) {}

  bool operator()(const Condition& condition) { return std::visit(*this, condition.test); }

  // All are asked, so that each chance has the same draw whatever the others say.
  bool operator()(const All& all) {
    bool result = true;
    for (const Condition& condition : all.of) result &= (*this)(condition);
    return result;
  }
  bool operator()(const Any& any) {
    bool result = false;
    for (const Condition& condition : any.of) result |= (*this)(condition);
    return result;
  }
  bool operator()(const Not& is_not) { return !(*this)(is_not.of.front()); }
  bool operator()(const Chance& chance) { return dice_.uniform(draw_++) < chance.probability.value; }

  bool operator()(const Compare& compare) const { return compare.is.holds(number(compare)); }
  bool operator()(const Every& every) const {
    const double beat = draft_.played.beat;
    const double number = every.unit == Every::Unit::events  ? static_cast<double>(draft_.played.count)
                          : every.unit == Every::Unit::beats ? floored(beat / moment_.program.beat_beats) + 1.0
                                                             : bar_number(beat, moment_.program);
    return std::fmod(number - every.offset, every.count) == 0.0;
  }
  bool operator()(const Ratio& ratio) const { return (draft_.played.pass - 1) % ratio.b == ratio.a - 1; }
  bool operator()(const OfClass& of) const { return draft_.played.slice->is(of.of.text); }
  bool operator()(const InSection& in) const {
    return in.section == draft_.played.slice->section || in.section == draft_.played.slice->role;
  }
  bool operator()(First) const { return draft_.played.pass == 1; }
  bool operator()(Pre) const { return pre_; }
  bool operator()(Neighbour) const { return moment_.voice > 0 && moment_.voices[moment_.voice - 1].fired; }
  bool operator()(Fill) const {
    const int bars = moment_.controls.fill_bars;
    return moment_.controls.fill ||
           (bars > 0 && std::fmod(bar_number(draft_.played.beat, moment_.program), bars) == 0.0);
  }
  bool operator()(const Fired& fired) const {
    return moment_.controls.fired[moment_.program.number_of(fired.rule.text)] != 0;
  }
  bool operator()(const SceneIs& is) const { return moment_.controls.scene == is.scene.text; }
  bool operator()(const VariableIs& variable) const {
    return variable.is.holds(moment_.controls.variables.find(variable.variable.text)->second);
  }
  bool operator()(const Seen& seen) const {
    const double now = draft_.played.beat;
    const auto counts = [&](const Played& past) {
      return past.beat >= now - seen.within - rounding && past.beat <= now + rounding && is(past, seen.what);
    };
    return std::ranges::count_if(state_of(seen.of).history.all(), counts) >= seen.times;
  }

 private:
  [[nodiscard]] const VoiceState& state_of(const Name& of) const {
    if (of.text.empty()) return moment_.voices[moment_.voice];
    return moment_
        .voices[static_cast<std::size_t>(moment_.program.find_voice(of.text) - moment_.program.voices.data())];
  }

  [[nodiscard]] double number(const Compare& compare) const {
    const Played& now = draft_.played;
    const Played* last = state_of(compare.of).history.last(now.beat);
    const bool since = compare.quantity == Quantity::beats_since || compare.quantity == Quantity::seconds_since;
    if (since && last == nullptr) return none;
    if (since)
      return (now.beat - last->beat) *
             (compare.quantity == Quantity::beats_since ? 1.0 : 60.0 / moment_.controls.bpm);
    const Played* subject = compare.of.text.empty() ? &now : last;
    return subject == nullptr ? none : property(compare.quantity, *subject, moment_.program, moment_.controls.bpm);
  }

  [[nodiscard]] bool is(const Played& past, const Sought& what) const {
    switch (what.kind) {
      case Sought::Kind::slice: return past.slice->id == what.slice;
      case Sought::Kind::of_class: return past.slice->is(what.name);
      case Sought::Kind::rule: {
        const auto& sought = moment_.program.sought;
        return (past.fired >> (std::ranges::find(sought, what.name) - sought.begin()) & 1U) != 0;
      }
      case Sought::Kind::any: break;
    }
    return true;
  }

  const Draft& draft_;
  const Moment& moment_;
  const Dice& dice_;
  bool pre_;
  std::uint16_t draw_ = first_condition_draw;
};

}  // namespace

bool Comparison::holds(double number) const {
  if (std::isnan(number)) return false;
  const auto same = [&](double other) {
    return std::abs(number - other) <= rounding * std::max(1.0, std::abs(other));
  };
  const bool equals = same(value);
  switch (op) {
    case Operator::equal: return equals;
    case Operator::not_equal: return !equals;
    case Operator::less: return number < value && !equals;
    case Operator::at_most: return number < value || equals;
    case Operator::more: return number > value && !equals;
    case Operator::at_least: return number > value || equals;
    case Operator::within: return (number > value || equals) && (number < high || same(high));
  }
  return false;
}

bool holds(const Condition& condition, const Draft& draft, const Moment& moment, const Dice& dice, bool pre) {
  return Asked(draft, moment, dice, pre)(condition);
}

}  // namespace sfa::rules
