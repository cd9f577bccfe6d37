#include "rule_parser.hpp"

#include <optional>
#include <utility>

#include "alternatives.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::rules {
namespace {

std::string_view unaliased(const Reader& reader, std::span<const Alias> aliases, std::string_view name) {
  for (const Alias& alias : aliases)
    if (alias.name == name && reader.at(alias.alias)) return alias.alias;
  return name;
}

/// Recursive descent over the grammar in sfa-rules(5).
class RuleParser {
 public:
  explicit RuleParser(Reader& reader) : reader_(reader) {}

  Rule rule() {
    Rule rule;
    head(rule);
    if (!reader_.at(":")) rule.when = any();
    if (!reader_.at(":")) reader_.fail("\":\", \"and\", \"or\" or a condition");
    if (!has_condition_ && !chance_) reader_.fail("a condition (" + condition_list() + ")");
    reader_.expect(":");
    do {
      if (rule.actions.size() == most_actions)
        reader_.fail("no more than " + std::to_string(most_actions) + " actions");
      rule.actions.push_back(action());
    } while (reader_.accept(","));
    if (!reader_.at_end()) reader_.fail("\",\" or the end");
    if (!chance_ && rule.actions.size() == 1)
      chance_ = std::exchange(rule.actions.front().probability, Probability{});
    if (chance_) rule.probability = *chance_;
    return rule;
  }

  /// Alone, no chance is a rule's.
  Condition lone_condition() {
    ++depth_;
    Condition result = any();
    if (!reader_.at_end()) reader_.fail("\"and\", \"or\", a condition or the end");
    return result;
  }

  Action lone_action() {
    Action result = action();
    if (!reader_.at_end()) reader_.fail("@ and a percentage, or the end");
    return result;
  }

 private:
  static std::string condition_list() { return listed(condition_names()) + ", or @ and a percentage"; }

  /// "[roll]", "[roll off]".
  void head(Rule& rule) {
    if (!reader_.accept("[")) return;
    Name id;
    reader_.read(id, Range{});
    rule.id = id.text;
    rule.enabled = !reader_.accept("off");
    reader_.expect("]");
  }

  Condition any() {
    std::vector<Condition> of;
    do {
      first_of_any_ = of.empty();
      of.push_back(all());
    } while (reader_.accept("or"));
    return of.size() == 1 ? std::move(of.front()) : Condition{Any{std::move(of)}};
  }

  /// "and" may be left out.
  Condition all() {
    std::vector<Condition> of;
    for (bool wanted = true; wanted || !ends_conjunction(); wanted = reader_.accept("and")) {
      if (auto condition = factor()) of.push_back(std::move(*condition));
      if (chance_) break;
    }
    return of.size() == 1 ? std::move(of.front()) : Condition{All{std::move(of)}};
  }

  [[nodiscard]] bool ends_conjunction() const {
    return reader_.at(":") || reader_.at("or") || reader_.at(")") || reader_.at_end();
  }

  /// None for the rule's own chance, which is the last of conditions that must all hold.
  std::optional<Condition> factor() {
    if (++conditions_ > most_conditions)
      reader_.fail("no more than " + std::to_string(most_conditions) + " conditions");
    const bool is_chance = reader_.accept("@") || reader_.accept(Chance::name);
    if (is_chance) {
      const Probability probability = reader_.percentage();
      if (depth_ == 0 && first_of_any_ && reader_.at(":")) {
        chance_ = probability;
        return std::nullopt;
      }
      has_condition_ = true;
      return Condition{Chance{probability}};
    }
    if (depth_ == deepest_condition) reader_.fail("less deeply nested conditions");
    has_condition_ = true;
    if (reader_.accept("not")) {
      ++depth_;
      auto inner = factor();
      --depth_;
      return Condition{Not{{std::move(*inner)}}};
    }
    if (!reader_.accept("(")) return named();
    ++depth_;
    const bool first = first_of_any_;
    Condition inner = any();
    first_of_any_ = first;
    --depth_;
    reader_.expect(")");
    return inner;
  }

  Condition named() {
    if (reader_.accept("always")) return Condition{All{}};
    // Former names of comparisons.
    if (reader_.accept("louder")) return level(Operator::at_least);
    if (reader_.accept("quieter")) return level(Operator::less);
    for (const auto quantity : names(Quantity{})) {
      if (!reader_.accept(quantity)) continue;
      Compare compare{.quantity = *from_word<Quantity>(quantity), .is = {}, .of = {}};
      TermReader(reader_, compare);
      return {compare};
    }
    std::optional<Condition> condition;
    for_each_alternative<Test, first_named_test>([&](auto term) {
      if (condition || !reader_.accept(unaliased(reader_, condition_aliases, term.name))) return;
      TermReader(reader_, term);
      condition = Condition{std::move(term)};
    });
    if (!condition) reader_.fail("a condition (" + condition_list() + ")");
    return std::move(*condition);
  }

  Condition level(Operator op) {
    Compare compare{.quantity = Quantity::energy, .is = {.op = op}, .of = {}};
    reader_.read(compare.is.value, Range{-120.0, 0.0});
    return {compare};
  }

  Action action() {
    std::optional<Action> action;
    for_each_alternative<Change>([&](auto term) {
      if (action || !reader_.accept(unaliased(reader_, action_aliases, term.name))) return;
      TermReader(reader_, term);
      action = Action{std::move(term), {}};
    });
    if (!action) reader_.fail("an action (" + listed(action_names()) + ")");
    if (reader_.accept("@") || reader_.accept(Chance::name)) action->probability = reader_.percentage();
    return std::move(*action);
  }

  Reader& reader_;
  std::optional<Probability> chance_;
  bool has_condition_ = false, first_of_any_ = true;
  int depth_ = 0;
  std::size_t conditions_ = 0;
};

}  // namespace

Rule read_rule(Reader& reader) { return RuleParser(reader).rule(); }

Rule parse_rule(std::string_view text, std::span<const std::string> class_names) {
  Reader reader(text, "rule \"" + std::string(text) + "\", ", class_names);
  return read_rule(reader);
}

Condition parse_condition(std::string_view text, std::span<const std::string> class_names) {
  Reader reader(text, "condition \"" + std::string(text) + "\", ", class_names);
  return RuleParser(reader).lone_condition();
}

Action parse_action(std::string_view text, std::span<const std::string> class_names) {
  Reader reader(text, "action \"" + std::string(text) + "\", ", class_names);
  return RuleParser(reader).lone_action();
}

}  // namespace sfa::rules
