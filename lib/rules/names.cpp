#include <algorithm>

#include "notation/alternatives.hpp"
#include "sfa/rules/rule_set.hpp"

namespace sfa::rules {

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || static_cast<unsigned char>(c) >= 0x80;
  };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, is_letter);
}

std::vector<std::string_view> condition_names() {
  std::vector<std::string_view> result{"always", "not"};
  std::ranges::copy(names(Quantity{}), std::back_inserter(result));
  for_each_alternative<Test, first_named_test>([&](const auto& term) { result.push_back(term.name); });
  return result;
}

std::vector<std::string_view> action_names() {
  std::vector<std::string_view> result;
  for_each_alternative<Change>([&](const auto& term) { result.push_back(term.name); });
  return result;
}

std::vector<std::string_view> mode_names() {
  std::vector<std::string_view> result;
  for_each_alternative<Mode>([&](const auto& mode) { result.push_back(mode.name); });
  return result;
}

void number_rules(RuleSet& set) {
  std::vector<std::string> ids;
  const auto number = [&](Rule& rule) {
    const std::string place = "r" + std::to_string(ids.size() + 1);
    if (rule.id.empty()) rule.id = place;
    ids.push_back(rule.id);
  };
  std::ranges::for_each(set.rules, number);
  for (Voice& voice : set.voices) std::ranges::for_each(voice.rules, number);
}

}  // namespace sfa::rules
