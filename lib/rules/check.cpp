#include <algorithm>
#include <cmath>
#include <set>

#include "notation/mode_reader.hpp"
#include "notation/numbers.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/rules/rule_set.hpp"

namespace sfa::rules {
namespace {

[[noreturn]] void fail(const std::string& message) { throw Error(Error::Kind::invalid_argument, message); }

void require(bool holds, const std::string& message) {
  if (!holds) fail(message);
}

/// What there is to refer to.
struct Known {
  std::set<std::string> voices, rules, variables;
  std::span<const std::string> classes;
};

/// Checks the fields of one term.
template <typename Term>
class Bounds {
 public:
  Bounds(const Term& term, const std::string& what, const Known& known) : term_(term), what_(what), known_(known) {
    Term::fields(*this);
  }

  template <typename Value>
  void required(std::string_view name, const Value Term::*member, Range range) {
    value(name, term_.*member, range);
  }
  template <typename Value>
  void optional(std::string_view name, const Value Term::*member, Range range) {
    if (term_.*member != Term{}.*member) value(name, term_.*member, range);
  }
  template <typename Enum>
  void unit(std::string_view name, const Enum Term::*member) {
    value(name, term_.*member, Range{});
  }
  void rest(std::string_view name, const std::vector<double> Term::*member, Range range) {
    value(name, term_.*member, range);
  }
  void colon() {}

 private:
  [[noreturn]] void wrong(std::string_view name, const std::string& problem) const {
    fail(what_ + ": " + std::string(name) + " " + problem);
  }
  void value(std::string_view name, double number, Range range) const {
    if (!(number >= range.min && number <= range.max))
      wrong(name, "must be from " + shortest(range.min) + " to " + shortest(range.max));
  }
  void value(std::string_view name, int number, Range range) const {
    value(name, static_cast<double>(number), range);
  }
  void value(std::string_view name, Probability number, Range) const { value(name, number.value, Range{0, 1}); }
  void value(std::string_view, bool, Range) const {}
  void value(std::string_view name, const Name& it, Range) const {
    if (!is_name(it.text)) wrong(name, "\"" + it.text + "\" is no name");
    if constexpr (std::is_same_v<Term, VariableIs> || std::is_same_v<Term, Set>)
      there("variable", known_.variables, it.text);
    else if constexpr (std::is_same_v<Term, Fired>)
      there("rule", known_.rules, it.text);
    else if constexpr (!std::is_same_v<Term, SceneIs> && !std::is_same_v<Term, SwitchScene> &&
                       !std::is_same_v<Term, Voice>)
      there("voice", known_.voices, it.text);
  }
  void value(std::string_view name, const ClassName& it, Range) const { of_class(name, it.text); }
  void value(std::string_view name, const std::string& text, Range) const {
    if (text.empty() || text.size() > 4096 || text.find('\0') != std::string::npos)
      wrong(name, "must be 1 to 4096 characters, none of them NUL");
    if (std::is_same_v<Term, Osc> && text.front() != '/') wrong(name, "must begin with /");
  }
  void value(std::string_view name, const Comparison& it, Range range) const {
    value(name, it.value, range);
    value(name, it.op == Operator::within ? it.high : 0.0, range);
    if (it.op == Operator::within && it.high < it.value)
      wrong(name, "must be a range whose end is not below its begin");
    enumerated(name, it.op);
  }
  void value(std::string_view name, const Assignment& it, Range range) const {
    value(name, it.value, range);
    enumerated(name, it.how);
  }
  void value(std::string_view name, const Sought& it, Range) const {
    enumerated(name, it.kind);
    if (it.kind == Sought::Kind::slice) value(name, it.slice, Range{0, 1e9});
    if (it.kind == Sought::Kind::of_class) of_class(name, it.name);
    if (it.kind == Sought::Kind::rule) there("rule", known_.rules, it.name);
  }
  void value(std::string_view name, const Weight& it, Range range) const {
    if (!is_name(it.what)) wrong(name, "\"" + it.what + "\" is no class");
    value(name, it.weight, range);
  }
  void value(std::string_view, const Mode& mode, Range) const {
    std::visit([&](const auto& kind) { Bounds<std::decay_t<decltype(kind)>>(kind, what_, known_); }, mode);
    try {
      check_mode(mode);
    } catch (const Error& error) {
      fail(what_ + ": " + error.what());
    }
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void value(std::string_view name, Enum it, Range) const { enumerated(name, it); }
  template <typename Value>
  void value(std::string_view name, const std::vector<Value>& list, Range range) const {
    if (list.size() > range.most) wrong(name, "must be no more than " + std::to_string(range.most));
    for (const auto& entry : list) value(name, entry, range);
  }

  template <typename Enum>
  void enumerated(std::string_view name, Enum it) const {
    if (static_cast<std::size_t>(it) >= names(it).size()) wrong(name, "is none of " + listed(names(it)));
  }
  void of_class(std::string_view name, const std::string& it) const {
    value(name, it, Range{});
    if (!known_.classes.empty() && std::ranges::find(known_.classes, it) == known_.classes.end())
      fail(what_ + ": there is no class \"" + it + "\", but " + listed(known_.classes));
  }
  void there(const char* kind, const std::set<std::string>& all, const std::string& it) const {
    if (!all.contains(it)) fail(what_ + ": there is no " + kind + " called \"" + it + "\"");
  }

  const Term& term_;
  const std::string& what_;
  const Known& known_;
};

class ConditionCheck {
 public:
  ConditionCheck(const std::string& what, const Known& known) : what_(what), known_(known) {}

  void operator()(const Condition& condition, int depth = 0) {
    require(++count_ <= most_conditions, what_ + ": more than " + std::to_string(most_conditions) + " conditions");
    require(depth <= deepest_condition, what_ + ": conditions nest too deeply");
    std::visit(
        [&](const auto& term) {
          using Term = std::decay_t<decltype(term)>;
          if constexpr (std::is_same_v<Term, All> || std::is_same_v<Term, Any> || std::is_same_v<Term, Not>)
            nested(term, depth);
          else
            Bounds<Term>(term, what_, known_);
        },
        condition.test);
    if (const auto* ratio = std::get_if<Ratio>(&condition.test))
      require(ratio->a <= ratio->b, what_ + ": ratio must not be above 1");
  }

 private:
  template <typename Group>
  void nested(const Group& group, int depth) {
    const std::size_t size = group.of.size();
    const bool good = std::is_same_v<Group, Not> ? size == 1 : size > 1 || (std::is_same_v<Group, All> && size == 0);
    require(good, what_ + ": and, or take two conditions or more, not takes one");
    for (const Condition& condition : group.of) (*this)(condition, depth + 1);
  }

  const std::string& what_;
  const Known& known_;
  std::size_t count_ = 0;
};

void check_rule(const Rule& rule, const Known& known) {
  const std::string what = "rule " + rule.id;
  require(is_name(rule.id), "rule \"" + rule.id + "\": the id is no name");
  ConditionCheck{what, known}(rule.when);
  const auto is_probability = [](Probability p) { return p.value >= 0.0 && p.value <= 1.0; };
  require(is_probability(rule.probability), what + ": probability must be from 0 to 1");
  require(!rule.actions.empty() && rule.actions.size() <= most_actions,
          what + ": must have 1 to " + std::to_string(most_actions) + " actions");
  for (const Action& action : rule.actions) {
    std::visit([&](const auto& term) { Bounds<std::decay_t<decltype(term)>>(term, what, known); }, action.change);
    require(is_probability(action.probability), what + ": probability must be from 0 to 1");
  }
}

void check_circles(const std::vector<Voice>& voices) {
  const auto followed = [&](const Voice& voice) -> const Voice* {
    const auto* follow = std::get_if<Follow>(&voice.mode);
    if (follow == nullptr) return nullptr;
    return &*std::ranges::find(voices, follow->voice, &Voice::name);
  };
  for (const Voice& voice : voices) {
    std::size_t steps = 0;
    for (const Voice* at = followed(voice); at != nullptr; at = followed(*at))
      require(++steps <= voices.size(),
              "voice " + voice.name.text + ": follows in a circle, which nothing would set going");
  }
}

template <typename Name>
void add(std::set<std::string>& all, const char* kind, const Name& name) {
  require(all.insert(name).second, std::string("two ") + kind + "s are called \"" + name + "\"");
}

Known known_of(const RuleSet& set, std::span<const std::string> classes) {
  Known known{.voices = {}, .rules = {}, .variables = {}, .classes = classes};
  for (const auto& [name, value] : set.variables) {
    require(is_name(name), "variable \"" + name + "\": is no name");
    require(std::abs(value) <= 1e9, "variable " + name + ": must be from -1e9 to 1e9");
    known.variables.insert(name);
  }
  for (const Rule& rule : set.rules) add(known.rules, "rule", rule.id);
  for (const Voice& voice : set.voices) {
    add(known.voices, "voice", voice.name.text);
    for (const Rule& rule : voice.rules) add(known.rules, "rule", rule.id);
  }
  return known;
}

void check_meter(Meter meter) {
  const int n = meter.denominator;
  require(meter.numerator >= 1 && meter.numerator <= 64, "the meter's numerator must be from 1 to 64");
  require(n >= 1 && n <= 64 && (n & (n - 1)) == 0, "the meter's denominator must be a power of two up to 64");
}

}  // namespace

void check(const RuleSet& set, std::span<const std::string> class_names) {
  if (set.bpm) require(*set.bpm >= 10.0 && *set.bpm <= 1000.0, "the tempo must be from 10 to 1000 beats a minute");
  if (set.meter) check_meter(*set.meter);
  require(set.scene.text.empty() || is_name(set.scene.text), "scene \"" + set.scene.text + "\": is no name");
  require(set.voices.size() <= most_voices, "there are more than " + std::to_string(most_voices) + " voices");
  require(set.variables.size() <= most_variables,
          "there are more than " + std::to_string(most_variables) + " variables");
  const Known known = known_of(set, class_names);
  require(known.rules.size() <= most_rules, "there are more than " + std::to_string(most_rules) + " rules");
  for (const Rule& rule : set.rules) check_rule(rule, known);
  for (const Voice& voice : set.voices) {
    require(is_name(voice.name.text), "voice \"" + voice.name.text + "\": is no name");
    Bounds<Voice>(voice, "voice " + voice.name.text, known);
    for (const Rule& rule : voice.rules) check_rule(rule, known);
  }
  check_circles(set.voices);
}

}  // namespace sfa::rules
