// What a rule asks of an event before it acts.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sfa/rules/fields.hpp"

namespace sfa::rules {

enum class Operator { equal, not_equal, less, at_most, more, at_least, within };
constexpr std::array<std::string_view, 7> names(Operator) { return {"=", "!=", "<", "<=", ">", ">=", "in"}; }

/// "= 3", ">= -20", "in 5..8".
struct Comparison {
  Operator op = Operator::equal;
  double value = 0.0;
  double high = 0.0;  // of `within`: both ends belong to it
  friend bool operator==(const Comparison&, const Comparison&) = default;

  /// Numbers that differ by no more than rounding are equal. NaN, for what is not there (the note of a slice
  /// that has none), holds for no operator.
  [[nodiscard]] bool holds(double number) const;
};

/// The numbers that can be compared, of this event or of another voice's last one.
enum class Quantity {
  slice,        // id in the bank
  count,        // which event of the voice's plain pattern it is, from 1
  plays,        // how often the voice has played the slice, this time included
  consecutive,  // the same in a row
  velocity,     // as the rules before this one have left it; so are
  pitch,        // semitones,
  rate,
  pan,
  energy,       // RMS of the slice, dBFS
  brightness,   // its spectral centroid, Hz
  flatness,     // its spectral flatness, 0 to 1
  note,         // its MIDI note
  length,       // its duration, seconds
  beat,         // of the bar, from 1
  bar,          // from 1
  phase,        // where in the bar, 0 to 1
  subbeat,      // where in the beat, 0 to 1
  step,         // of the voice's pattern, from 1
  pass,         // through the voice's pattern, from 1
  time,         // seconds from the start
  beats_since,  // quarter notes since the voice last sounded
  seconds_since,
};
constexpr std::array<std::string_view, 22> names(Quantity) {
  return {"slice",   "count",      "plays",    "consecutive", "velocity",    "pitch",        "rate", "pan",
          "energy",  "brightness", "flatness", "note",        "length",      "beat",         "bar",  "phase",
          "subbeat", "step",       "pass",     "time",        "beats_since", "seconds_since"};
}

struct Compare {
  Quantity quantity = Quantity::slice;
  Comparison is;
  Name of;  // another voice's; empty: this event's
  friend bool operator==(const Compare&, const Compare&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("is", &Compare::is, Range{});
    field.optional("of", &Compare::of, Range{});
  }
};

/// The N-th, 2N-th, ... event of the plain pattern, or all events in each N-th beat or bar; `offset` later.
struct Every {
  static constexpr std::string_view name = "every";
  enum class Unit { events, beats, bars };
  int count = 1;
  Unit unit = Unit::events;
  int offset = 0;
  friend bool operator==(const Every&, const Every&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("count", &Every::count, Range{1, 9999});
    field.unit("unit", &Every::unit);
    field.optional("offset", &Every::offset, Range{0, 9999});
  }
};
constexpr std::array<std::string_view, 3> names(Every::Unit) { return {"events", "beats", "bars"}; }

/// A:B of drum machines: of each B passes through the voice's pattern the A-th.
struct Ratio {
  static constexpr std::string_view name = "ratio";
  int a = 1, b = 2;  // a <= b
  friend bool operator==(const Ratio&, const Ratio&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("a", &Ratio::a, Range{1, 999});
    field.colon();
    field.required("b", &Ratio::b, Range{1, 999});
  }
};

/// The slice is of this class, or of one in this group.
struct OfClass {
  static constexpr std::string_view name = "class";
  ClassName of;
  friend bool operator==(const OfClass&, const OfClass&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("name", &OfClass::of, Range{});
  }
};

/// The slice was cut from a section of the song with this label or role.
struct InSection {
  static constexpr std::string_view name = "section";
  std::string section;
  friend bool operator==(const InSection&, const InSection&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("name", &InSection::section, Range{});
  }
};

/// The voice's first pass through its pattern.
struct First {
  static constexpr std::string_view name = "first";
  friend bool operator==(First, First) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// PRE: the rule before this one fired on this event.
struct Pre {
  static constexpr std::string_view name = "pre";
  friend bool operator==(Pre, Pre) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// NEI: some rule fired on the last event of the voice before this one in the list.
struct Neighbour {
  static constexpr std::string_view name = "neighbour";
  friend bool operator==(Neighbour, Neighbour) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// The player holds the fill, or it is a bar of the pattern's own fills.
struct Fill {
  static constexpr std::string_view name = "fill";
  friend bool operator==(Fill, Fill) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// A rule fired when it was last asked: on this event, or on the last before it.
struct Fired {
  static constexpr std::string_view name = "fired";
  Name rule;
  friend bool operator==(const Fired&, const Fired&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("rule", &Fired::rule, Range{});
  }
};

struct SceneIs {
  static constexpr std::string_view name = "scene";
  Name scene;
  friend bool operator==(const SceneIs&, const SceneIs&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("name", &SceneIs::scene, Range{});
  }
};

struct VariableIs {
  static constexpr std::string_view name = "var";
  Name variable;
  Comparison is;
  friend bool operator==(const VariableIs&, const VariableIs&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("name", &VariableIs::variable, Range{});
    field.required("is", &VariableIs::is, Range{});
  }
};

/// What a voice's past is searched for.
struct Sought {
  enum class Kind { any, slice, of_class, rule };
  Kind kind = Kind::any;
  int slice = 0;     // id in the bank
  std::string name;  // of the class or of the rule that fired
  friend bool operator==(const Sought&, const Sought&) = default;
};
constexpr std::array<std::string_view, 4> names(Sought::Kind) { return {"any", "slice", "class", "rule"}; }

/// "seen slice 3 times 4 within 2": so many events of the voice, before this one and no longer ago than so many
/// quarter notes. A voice remembers 64 of them, and 1024 events.
struct Seen {
  static constexpr std::string_view name = "seen";
  Sought what;
  int times = 1;        // at least
  double within = 4.0;  // quarter notes; 0: at this very moment
  Name of;              // another voice's past
  friend bool operator==(const Seen&, const Seen&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("what", &Seen::what, Range{});
    field.optional("times", &Seen::times, Range{1, 1024});
    field.optional("within", &Seen::within, Range{0, 64});
    field.optional("of", &Seen::of, Range{});
  }
};

struct Chance {
  static constexpr std::string_view name = "probability";
  Probability probability;
  friend bool operator==(const Chance&, const Chance&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("probability", &Chance::probability, Range{0, 1});
  }
};

struct Condition;

/// All hold. Without any: always. Otherwise two or more.
struct All {
  std::vector<Condition> of;
  bool operator==(const All& other) const;
};
/// At least one of two or more holds.
struct Any {
  std::vector<Condition> of;
  bool operator==(const Any& other) const;
};
/// The one does not hold.
struct Not {
  std::vector<Condition> of;
  bool operator==(const Not& other) const;
};

using Test = std::variant<All, Any, Not, Compare, Every, Ratio, OfClass, InSection, First, Pre, Neighbour, Fill,
                          Fired, SceneIs, VariableIs, Seen, Chance>;
inline constexpr std::size_t first_named_test = 4;  // those from here on have a name

struct Condition {
  Test test;
  bool operator==(const Condition& other) const { return test == other.test; }
};

inline bool All::operator==(const All& other) const { return of == other.of; }
inline bool Any::operator==(const Any& other) const { return of == other.of; }
inline bool Not::operator==(const Not& other) const { return of == other.of; }

/// What stands for another word in both notations.
struct Alias {
  std::string_view alias, name;
};
inline constexpr std::array condition_aliases{Alias{"nei", "neighbour"}, Alias{"previous", "pre"}};

/// All words that a condition can begin with, in the order of this file.
[[nodiscard]] std::vector<std::string_view> condition_names();

}  // namespace sfa::rules
