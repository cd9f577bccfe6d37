// The rules, from a file and from the command line.
#pragma once
#include <string>
#include <vector>

#include "options.hpp"
#include "sfa/rules/rule_set.hpp"

namespace sfa::seq {

struct RuleSource {
  rules::RuleSet set;  // numbered and checked
  std::string text;    // of the file, for the recipe
};

/// Reads --rules, in either notation, and adds what the options say. With `default_voice` there is at least one
/// voice. Throws tool::UsageError for what is wrong on the command line, Error with the file's name for what is
/// wrong in it.
[[nodiscard]] RuleSource read_rules(const Options& options, bool default_voice);

}  // namespace sfa::seq
