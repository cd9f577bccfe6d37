// A rule: under a condition, with a probability, do something to an event.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/rules/action.hpp"

namespace sfa::rules {

/// A rule fires on an event if its condition holds, its draw is below its probability, and at least one of its
/// actions happens, each on a draw of its own.
struct Rule {
  std::string id;               // names its random stream; empty until it is put into a set, see number_rules()
  Condition when;               // without one: always
  Probability probability;      // what a fader moves
  std::vector<Action> actions;  // in their order, 1 to 16
  bool enabled = true;
  friend bool operator==(const Rule&, const Rule&) = default;
};

inline constexpr std::size_t most_actions = 16, most_conditions = 64;  // in a rule
inline constexpr int deepest_condition = 16;                           // and, or, not within one another

/// Reads a rule in one line; the grammar is in sfa-rules(5). With `class_names` no others may follow "class".
/// Throws Error::invalid_argument with the column (from 1) and what was expected there:
/// `rule "every x: skip", column 7: expected a whole number from 1 to 9999, found "x"`.
[[nodiscard]] Rule parse_rule(std::string_view text, std::span<const std::string> class_names = {});

/// Parts of one, likewise.
[[nodiscard]] Condition parse_condition(std::string_view text, std::span<const std::string> class_names = {});
[[nodiscard]] Action parse_action(std::string_view text, std::span<const std::string> class_names = {});

/// The same in one line; parse_rule() of it gives an equal rule.
[[nodiscard]] std::string to_text(const Rule& rule);

}  // namespace sfa::rules
