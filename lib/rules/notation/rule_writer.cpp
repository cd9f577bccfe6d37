#include "writer.hpp"

namespace sfa::rules {
namespace {

std::string text_of(const Condition& condition);

bool is_compound(const Condition& condition) {
  const auto* all = std::get_if<All>(&condition.test);
  return (all != nullptr && !all->of.empty()) || std::holds_alternative<Any>(condition.test);
}

std::string joined(const std::vector<Condition>& of, const std::string& word) {
  std::string text;
  for (const Condition& condition : of) {
    if (!text.empty()) text += " " + word + " ";
    text += is_compound(condition) ? "(" + text_of(condition) + ")" : text_of(condition);
  }
  return text;
}

struct ConditionText {
  std::string operator()(const All& all) const { return all.of.empty() ? "always" : joined(all.of, "and"); }
  std::string operator()(const Any& any) const { return joined(any.of, "or"); }
  std::string operator()(const Not& is_not) const { return "not " + joined(is_not.of, ","); }
  std::string operator()(const Compare& compare) const {
    return std::string(word(compare.quantity)) + TermWriter(compare).text();
  }
  // In parentheses: right before the colon it would be the rule's own.
  std::string operator()(const Chance& chance) const { return "(@" + written(chance.probability) + ")"; }
  template <typename Term>
  std::string operator()(const Term& term) const {
    return std::string(term.name) + TermWriter(term).text();
  }
};

std::string text_of(const Condition& condition) { return std::visit(ConditionText{}, condition.test); }

}  // namespace

std::string to_text(const Rule& rule) {
  std::string text;
  if (!rule.id.empty() || !rule.enabled) text = "[" + rule.id + (rule.enabled ? "] " : " off] ");
  const bool always = rule.when == Condition{};
  // The chance of a single action would be taken for the rule's.
  const bool own_chance = rule.actions.size() == 1 && rule.actions.front().probability != Probability{};
  const bool chance = rule.probability != Probability{} || own_chance;
  const bool is_any = std::holds_alternative<Any>(rule.when.test);
  if (!always || !chance)
    text += (chance && is_any ? joined({rule.when}, "") : text_of(rule.when)) + (chance ? " " : "");
  if (chance) text += "@" + written(rule.probability);
  const char* sign = ": ";
  for (const Action& action : rule.actions) {
    text += sign + std::visit([](const auto& term) { return std::string(term.name) + TermWriter(term).text(); },
                              action.change);
    if (action.probability != Probability{}) text += " @" + written(action.probability);
    sign = ", ";
  }
  return text;
}

}  // namespace sfa::rules
