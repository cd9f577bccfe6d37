// Voices, their modes and their rules: the document sfa.rules as a plain struct, and its notation in lines.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/rules/meter.hpp"
#include "sfa/rules/mode.hpp"
#include "sfa/rules/rule.hpp"

namespace sfa::rules {

/// "kick*4": how often the slices of a class, or the slice of an id, are chosen by weight. Others weigh 1.
struct Weight {
  std::string what;
  double weight = 1.0;
  friend bool operator==(const Weight&, const Weight&) = default;
};

/// What plays slices of one bank in one mode, at its own steps. Steps are counted from the start and have one
/// length; swing, shift, groove and humanize move what sounds, not what rules count.
struct Voice {
  Name name;
  std::string bank;             // path; empty: the one that is given beside the rules
  std::vector<ClassName> only;  // slices of these classes; none given: all but silence
  Mode mode;
  Choice choice = Choice::order;
  int steps_per_beat = 4;      // steps in a quarter note
  int length = 0;              // steps after which the mode begins anew; 0: it goes on
  double swing = 0.5;          // where in a pair of steps the second falls: 0.5 straight, 2/3 a triplet shuffle
                               // (the scale of Linn's drum machines)
  double shift = 0.0;          // in steps, later or (negative) earlier. With groove and humanize no more than a half
  double humanize = 0.0;       // in steps, at random so much earlier or later at most
  std::vector<double> groove;  // in steps, for each step of the pattern, over and over
  double gate = 0.0;           // steps after which events are released; 0: they ring to the slice's end
  double velocity = 1.0;
  std::vector<Weight> weights;
  std::vector<Name> scenes;  // it sounds in these only; none given: in all
  std::vector<Rule> rules;   // behind those of the set
  friend bool operator==(const Voice&, const Voice&) = default;

  /// All but the name and the rules.
  template <typename Field>
  static void fields(Field& field) {
    field.optional("bank", &Voice::bank, Range{});
    field.optional("only", &Voice::only, Range{});
    field.optional("mode", &Voice::mode, Range{});
    field.optional("choice", &Voice::choice, Range{});
    field.optional("steps_per_beat", &Voice::steps_per_beat, Range{1, 96});
    field.optional("length", &Voice::length, Range{0, 65536});
    field.optional("swing", &Voice::swing, Range{0.5, 0.75});
    field.optional("shift", &Voice::shift, Range{-0.5, 0.5});
    field.optional("humanize", &Voice::humanize, Range{0, 0.5});
    field.optional("groove", &Voice::groove, Range{-0.5, 0.5, 64});
    field.optional("gate", &Voice::gate, Range{0, 64});
    field.optional("velocity", &Voice::velocity, Range{0, 1});
    field.optional("weights", &Voice::weights, Range{0, 1000, 256});
    field.optional("scenes", &Voice::scenes, Range{});
  }
};

inline constexpr std::size_t most_voices = 64, most_rules = 1000, most_variables = 256;

struct RuleSet {
  std::optional<double> bpm;  // quarter notes in a minute, 10 to 1000
  std::optional<Meter> meter;
  Name scene;  // the first; may be none
  std::map<std::string, double> variables;
  std::vector<Rule> rules;  // for all voices
  std::vector<Voice> voices;
  friend bool operator==(const RuleSet&, const RuleSet&) = default;
};

/// Gives each rule without an id one: r and its number in the set, those for all voices first. Throws
/// Error::invalid_argument for two rules with the same.
void number_rules(RuleSet& rules);

/// Throws Error::invalid_argument, with the voice or the rule, for a number outside its bounds, a name that is
/// none or is another's, a rule, voice or variable that is asked for and not there, voices that follow one another
/// in a circle, and more than the limits above. `class_names`, unless empty, are all classes that there are.
void check(const RuleSet& rules, std::span<const std::string> class_names = {});

/// Reads rules in lines; the grammar is in sfa-rules(5). Throws Error::invalid_argument with line and column, both
/// from 1, and what was expected there: `line 3, column 7: expected ..., found ...`. Numbers the rules, checks all.
[[nodiscard]] RuleSet parse_rules(std::string_view text, std::span<const std::string> class_names = {});

/// The same in lines; parse_rules() of it gives an equal set.
[[nodiscard]] std::string to_text(const RuleSet& rules);

}  // namespace sfa::rules
