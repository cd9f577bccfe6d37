// The document sfa.rules: see sfa-rules(5) and lib/io/schemas/sfa.rules.schema.json.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "sfa/rules/rule_set.hpp"

namespace sfa::io {

/// One JSON object: on one line with `compact`, else indented by two spaces with a final newline.
/// `recipe` goes into "made_by".
[[nodiscard]] std::string to_json(const rules::RuleSet& document, const std::string& recipe = {},
                                  bool compact = false);

/// Rules, conditions, actions and modes may each be a string in the notation of one line. `class_names`, unless
/// empty, are all classes that there are. Throws Error::invalid_data that names the member, with its line and
/// column, and what was expected of it ("line 7, column 15: voices[0].rules[1].do[0]: must be an action (skip,
/// ...)"). What it does not know is an error: a rule that were passed over would be one that never fires. A version
/// above ours is Error::unsupported. Numbers the rules and checks all, see rules::check().
[[nodiscard]] rules::RuleSet rules_from_json(std::string_view text, std::span<const std::string> class_names = {});

/// Either notation: what begins with a brace is a document, anything else lines. Throws as rules_from_json and as
/// rules::parse_rules.
[[nodiscard]] rules::RuleSet rules_from_text(std::string_view text, std::span<const std::string> class_names = {});

}  // namespace sfa::io
