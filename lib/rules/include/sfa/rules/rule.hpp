// A rule: under conditions, do something to an event. Plain structs, and the one-line notation that
// people write them in:
//
//   rule      = condition { [ "and" ] condition } ":" action { "," action } ;
//   condition = "every" whole [ "events" | "beats" | "bars" ]   (1 to 9999)
//             | "beat" whole                                    (1 to 64)
//             | "class" word
//             | ( "louder" | "quieter" ) number                 (dBFS, -120 to 0)
//             | "always" | chance ;
//   action    = change [ chance ] ;
//   change    = "skip" | "reverse"
//             | "pitch" number                                  (semitones, -48 to 48)
//             | "ratchet" whole                                 (2 to 32)
//             | "velocity" number                               (factor, 0 to 1)
//             | "pan" number ;                                  (-1 to 1)
//   chance    = ( "@" | "probability" ) number "%" ;            (0 to 100)
//
// "every 4: reverse"   "@30%: ratchet 3"   "every 3 and class snare: pitch -5 @50%, pan 0.3"
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sfa::rules {

/// The N-th, 2N-th, ... event of the plain pattern, or all events in each N-th beat or bar.
struct Every {
  enum class Unit { events, beats, bars };
  int count = 1;
  Unit unit = Unit::events;
};
struct OnBeat { int beat = 1; };                // of the bar, the first is 1
struct OfClass { std::string name; };           // the slice's class
struct Louder { double rms_db = 0.0; };         // the slice's level is at least this
struct Quieter { double rms_db = 0.0; };        // the slice's level is below this
struct Chance { double probability = 1.0; };    // 0 to 1
using Condition = std::variant<Every, OnBeat, OfClass, Louder, Quieter, Chance>;

struct Skip {};                                 // the event is left out
struct Reverse {};                              // the slice is played backwards; twice is forwards
struct Pitch { double semitones = 0.0; };       // added
struct Ratchet { int hits = 2; };               // the step is divided into so many; the last rule's number holds
struct Velocity { double factor = 1.0; };       // multiplied
struct Pan { double position = 0.0; };          // set
using Change = std::variant<Skip, Reverse, Pitch, Ratchet, Velocity, Pan>;

struct Action {
  Change change;
  double probability = 1.0;  // 0 to 1
};

struct Rule {
  std::string text;                   // as given
  std::vector<Condition> conditions;  // all must hold; "always" is none
  std::vector<Action> actions;        // in their order
};

/// Reads one rule. With `class_names` only these may follow "class". Throws Error::invalid_argument with
/// the column (from 1) and what was expected there:
/// `rule "every x: skip", column 7: expected a whole number from 1 to 9999, found "x"`.
[[nodiscard]] Rule parse_rule(std::string_view text, std::span<const std::string> class_names = {});

}  // namespace sfa::rules
