// What a rule does to an event.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "sfa/rules/condition.hpp"

namespace sfa::rules {

/// The event is left out. Rules behind see it all the same.
struct Skip {
  static constexpr std::string_view name = "skip";
  friend bool operator==(Skip, Skip) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// Two hits in the place of one, both as loud.
struct Double {
  static constexpr std::string_view name = "double";
  friend bool operator==(Double, Double) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// The step is divided into hits, each at `decay` of the velocity of the one before and `ramp` semitones above it.
struct Ratchet {
  static constexpr std::string_view name = "ratchet";
  int hits = 2;
  double decay = 0.8;  // by ear: the hits fall off like a bounced stick's
  double ramp = 0.0;
  friend bool operator==(const Ratchet&, const Ratchet&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("hits", &Ratchet::hits, Range{2, 32});
    field.optional("decay", &Ratchet::decay, Range{0, 1});
    field.optional("ramp", &Ratchet::ramp, Range{-48, 48});
  }
};

/// Semitones, added.
struct Pitch {
  static constexpr std::string_view name = "pitch";
  double semitones = 0.0;
  friend bool operator==(const Pitch&, const Pitch&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("semitones", &Pitch::semitones, Range{-48, 48});
  }
};

/// Multiplied.
struct Rate {
  static constexpr std::string_view name = "rate";
  double factor = 1.0;
  friend bool operator==(const Rate&, const Rate&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("factor", &Rate::factor, Range{1.0 / 16.0, 16});
  }
};

/// The slice is played backwards; twice is forwards.
struct Reverse {
  static constexpr std::string_view name = "reverse";
  friend bool operator==(Reverse, Reverse) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// Decibels, added.
struct Gain {
  static constexpr std::string_view name = "gain";
  double db = 0.0;
  friend bool operator==(const Gain&, const Gain&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("db", &Gain::db, Range{-60, 24});
  }
};

/// Set: -1 left to 1 right.
struct Pan {
  static constexpr std::string_view name = "pan";
  double position = 0.0;
  friend bool operator==(const Pan&, const Pan&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("position", &Pan::position, Range{-1, 1});
  }
};

/// Released after so many steps; 0: at the slice's end.
struct Gate {
  static constexpr std::string_view name = "gate";
  double steps = 0.0;
  friend bool operator==(const Gate&, const Gate&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("steps", &Gate::steps, Range{0, 64});
  }
};

/// A filter for this one event.
struct Filter {
  static constexpr std::string_view name = "filter";
  enum class Type { lowpass, highpass, bandpass };
  Type type = Type::lowpass;
  double cutoff_hz = 1000.0;
  double q = 0.7071;  // Butterworth's: 1 / sqrt(2)
  friend bool operator==(const Filter&, const Filter&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("type", &Filter::type, Range{});
    field.required("cutoff_hz", &Filter::cutoff_hz, Range{20, 20000});
    field.optional("q", &Filter::q, Range{0.1, 40});
  }
};
constexpr std::array<std::string_view, 3> names(Filter::Type) { return {"lowpass", "highpass", "bandpass"}; }

/// Multiplied; more than 1 is cut off at 1.
struct Velocity {
  static constexpr std::string_view name = "velocity";
  double factor = 1.0;
  friend bool operator==(const Velocity&, const Velocity&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("factor", &Velocity::factor, Range{0, 16});
  }
};

/// Another slice in the place of the event's.
struct Choose {
  static constexpr std::string_view name = "choose";
  enum class How { next, previous, same, random, weighted, nearest };
  enum class Feature { energy, brightness, flatness, note, length };
  How how = How::next;           // in the bank's order; `same` is the one that the voice played last
  Feature by = Feature::energy;  // of `nearest`: the other slice whose feature is nearest to this one's
  friend bool operator==(const Choose&, const Choose&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("how", &Choose::how, Range{});
    field.optional("by", &Choose::by, Range{});
  }
};
constexpr std::array<std::string_view, 6> names(Choose::How) {
  return {"next", "previous", "same", "random", "weighted", "nearest"};
}
constexpr std::array<std::string_view, 5> names(Choose::Feature) {
  return {"energy", "brightness", "flatness", "note", "length"};
}

/// The slice with this id.
struct Play {
  static constexpr std::string_view name = "play";
  int slice = 0;
  friend bool operator==(const Play&, const Play&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("slice", &Play::slice, Range{0, 1e9});
  }
};

/// The voice's pattern goes on at this step, the first is 1.
struct Jump {
  static constexpr std::string_view name = "jump";
  int step = 1;
  friend bool operator==(const Jump&, const Jump&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("step", &Jump::step, Range{1, 65536});
  }
};

/// The voice's pattern begins anew at the next step, as it does at its length's end.
struct Restart {
  static constexpr std::string_view name = "restart";
  friend bool operator==(Restart, Restart) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// Events of one group end one another.
struct MuteGroup {
  static constexpr std::string_view name = "mute_group";
  int group = 0;  // 0: none
  friend bool operator==(const MuteGroup&, const MuteGroup&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("group", &MuteGroup::group, Range{0, 64});
  }
};

/// "= 3", "+= 1".
struct Assignment {
  enum class How { set, add, subtract, multiply };
  How how = How::set;
  double value = 0.0;
  friend bool operator==(const Assignment&, const Assignment&) = default;
};
constexpr std::array<std::string_view, 4> names(Assignment::How) { return {"=", "+=", "-=", "*="}; }

/// Variables stay within plus and minus a thousand million.
struct Set {
  static constexpr std::string_view name = "set";
  Name variable;
  Assignment to;
  friend bool operator==(const Set&, const Set&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("name", &Set::variable, Range{});
    field.required("to", &Set::to, Range{});
  }
};

/// From the next event on.
struct SwitchScene {
  static constexpr std::string_view name = "scene";
  Name scene;
  friend bool operator==(const SwitchScene&, const SwitchScene&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("name", &SwitchScene::scene, Range{});
  }
};

/// A MIDI message along with the event.
struct Midi {
  static constexpr std::string_view name = "midi";
  enum class Message { note, control, program };
  Message message = Message::note;
  int number = 0;   // key, controller or program
  int value = 100;  // velocity or the controller's value; a program has none
  int channel = 1;
  friend bool operator==(const Midi&, const Midi&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("message", &Midi::message, Range{});
    field.required("number", &Midi::number, Range{0, 127});
    field.optional("value", &Midi::value, Range{0, 127});
    field.optional("channel", &Midi::channel, Range{1, 16});
  }
};
constexpr std::array<std::string_view, 3> names(Midi::Message) { return {"note", "control", "program"}; }

/// An OSC message along with the event.
struct Osc {
  static constexpr std::string_view name = "osc";
  std::string address;  // "/..."
  std::vector<double> arguments;
  friend bool operator==(const Osc&, const Osc&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("address", &Osc::address, Range{});
    field.rest("arguments", &Osc::arguments, Range{-1e9, 1e9, 8});
  }
};

using Change = std::variant<Skip, Double, Ratchet, Pitch, Rate, Reverse, Gain, Pan, Gate, Filter, Velocity, Choose,
                            Play, Jump, Restart, MuteGroup, Set, SwitchScene, Midi, Osc>;

struct Action {
  Change change;
  Probability probability;
  friend bool operator==(const Action&, const Action&) = default;
};

inline constexpr std::array action_aliases{Alias{"rest", "skip"}};

/// All words that an action can begin with, in the order of this file.
[[nodiscard]] std::vector<std::string_view> action_names();

}  // namespace sfa::rules
