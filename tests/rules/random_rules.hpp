// Random rule sets, sound ones: whatever conditions, actions, modes and voices there are, by their fields.
#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "sfa/audio/random.hpp"
#include "sfa/rules/rule_set.hpp"

namespace sfa::rules {

class RandomRules {
 public:
  explicit RandomRules(std::uint64_t seed) : random_(seed) {}

  RuleSet set() {
    RuleSet set;
    for (std::size_t v = 0, count = 1 + random_.below(4); v < count; ++v)
      voices_.push_back("voice-" + std::to_string(v));
    const std::size_t total = random_.below(9);
    for (std::size_t r = 0; r < total; ++r)
      ids_.push_back(random_.below(2) == 0 ? "r" + std::to_string(r + 1) : "rule." + std::to_string(r));
    for (const char* name : {"x", "gr\u00f6\u00dfe", "of"})
      set.variables[name] = std::floor(random_.uniform(-5.0, 5.0)) / 3.0;
    if (coin()) set.bpm = random_.uniform(10.0, 1000.0);
    if (coin()) set.meter = Meter{static_cast<int>(1 + random_.below(13)), 1 << random_.below(5)};
    if (coin()) set.scene.text = scene();
    std::vector<std::vector<Rule>> places(voices_.size() + 1);
    std::vector<std::size_t> where;
    for (std::size_t r = 0; r < total; ++r) where.push_back(random_.below(places.size()));
    std::sort(where.begin(), where.end());  // ids like r3 are by the order of the whole
    for (std::size_t r = 0; r < total; ++r) places[where[r]].push_back(rule(ids_[r]));
    set.rules = places[0];
    for (std::size_t v = 0; v < voices_.size(); ++v) set.voices.push_back(voice(v, places[v + 1]));
    return set;
  }

  // The visitor.
  template <typename Term>
  Term term() {
    Term result;
    Filler<Term> filler{*this, result};
    Term::fields(filler);
    if constexpr (std::is_same_v<Term, Ratio>) result.a = std::min(result.a, result.b);
    if constexpr (std::is_same_v<Term, Euclidean>) {
      result.pulses = 1 + result.pulses % result.steps;
      result.rotation %= result.steps;
    }
    if constexpr (std::is_same_v<Term, StepPattern>) result.steps = steps();
    if constexpr (std::is_same_v<Term, Polyrhythm>) {
      if (result.pulses.empty()) result.pulses = {3, 4};
      for (int& pulses : result.pulses) pulses = 1 + pulses % 8;
      result.beats = result.beats < 1.0 ? 0.0 : result.beats;
    }
    if constexpr (std::is_same_v<Term, Osc>) result.address = "/a \"b\\" + std::to_string(random_.below(100));
    if constexpr (std::is_same_v<Term, Play>) result.slice = static_cast<int>(random_.below(4));
    if constexpr (std::is_same_v<Term, InSection>) result.section = coin() ? "A" : "verse, loud";
    return result;
  }

 private:
  template <typename Term>
  struct Filler {
    RandomRules& of;
    Term& term;
    template <typename Value>
    void required(std::string_view, Value Term::*member, Range range) {
      of.fill(term.*member, range);
    }
    template <typename Value>
    void optional(std::string_view, Value Term::*member, Range range) {
      if (of.coin()) of.fill(term.*member, range);
    }
    template <typename Enum>
    void unit(std::string_view, Enum Term::*member) {
      of.fill(term.*member, Range{});
    }
    void rest(std::string_view, std::vector<double> Term::*member, Range range) { of.fill(term.*member, range); }
    void colon() {}
  };

  bool coin() { return random_.below(2) == 0; }
  std::string scene() { return coin() ? "intro" : "in"; }
  std::string any_voice() { return voices_[random_.below(voices_.size())]; }

  void fill(double& value, Range range) {
    value = random_.uniform(std::max(range.min, -2000.0), std::min(range.max, 2000.0));
    if (coin()) value = std::clamp(std::round(value), range.min, range.max);
    if (random_.below(16) == 0) value = coin() ? range.min : range.max;
  }
  void fill(int& value, Range range) {
    value = static_cast<int>(range.min + static_cast<double>(random_.below(
                                             static_cast<std::uint64_t>(std::min(range.max - range.min, 20.0)) + 1)));
  }
  void fill(bool& value, Range) { value = coin(); }
  void fill(Probability& value, Range) {
    value.value = coin() ? random_.uniform() : std::round(random_.uniform() * 100.0) / 100.0;
  }
  void fill(Name& value, Range) { value.text = names_; }
  void fill(ClassName& value, Range) { value.text = coin() ? "snare" : "my \"class\", no. 2"; }
  void fill(std::string& value, Range) { value = coin() ? "banks/drums.json" : "my # bank\t(2): 100%.json"; }
  void fill(Weight& value, Range range) {
    value.what = coin() ? "kick" : "3";
    fill(value.weight, range);
  }
  void fill(Comparison& value, Range range) {
    fill(value.op, range);
    fill(value.value, range);
    if (value.op == Operator::within) value.high = std::min(range.max, value.value + random_.uniform(0.0, 10.0));
  }
  void fill(Assignment& value, Range range) {
    fill(value.how, range);
    fill(value.value, range);
  }
  void fill(Sought& value, Range range) {
    fill(value.kind, range);
    if (value.kind == Sought::Kind::slice) value.slice = static_cast<int>(random_.below(4));
    if (value.kind == Sought::Kind::of_class) value.name = "a b";
    if (value.kind == Sought::Kind::rule) value.name = ids_[random_.below(ids_.size())];
  }
  void fill(Mode&, Range) {}
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void fill(Enum& value, Range) { value = static_cast<Enum>(random_.below(names(value).size())); }
  template <typename Value>
  void fill(std::vector<Value>& values, Range range) {
    values.resize(random_.below(std::min<std::size_t>(range.most, 4) + 1));
    for (auto& value : values) fill(value, range);
  }

  template <typename Variant, std::size_t First>
  Variant alternative() {
    const std::size_t chosen = First + random_.below(std::variant_size_v<Variant> - First);
    Variant result;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((First + I == chosen ? void(result = named<std::variant_alternative_t<First + I, Variant>>()) : void()), ...);
    }
    (std::make_index_sequence<std::variant_size_v<Variant> - First>{});
    return result;
  }
  /// A term whose names are those of things that are there.
  template <typename Term>
  Term named() {
    if constexpr (std::is_same_v<Term, VariableIs> || std::is_same_v<Term, Set>)
      names_ = coin() ? "x" : "of";
    else if constexpr (std::is_same_v<Term, Fired>)
      names_ = ids_[random_.below(ids_.size())];
    else if constexpr (std::is_same_v<Term, SceneIs> || std::is_same_v<Term, SwitchScene>)
      names_ = scene();
    else
      names_ = any_voice();
    return term<Term>();
  }

  Condition condition(int depth) {
    const std::size_t kind = random_.below(depth > 3 ? 2 : 6);
    if (kind == 2) return {All{several(depth)}};
    if (kind == 3) return {Any{several(depth)}};
    if (kind == 4) return {Not{{condition(depth + 1)}}};
    if (kind == 5 && coin()) return {};
    return {alternative<Test, first_named_test - 1>()};
  }
  std::vector<Condition> several(int depth) {
    std::vector<Condition> of;
    for (std::size_t i = 0, count = 2 + random_.below(2); i < count; ++i) of.push_back(condition(depth + 1));
    return of;
  }

  Rule rule(const std::string& id) {
    Rule rule;
    rule.id = id;
    rule.enabled = random_.below(8) != 0;
    if (random_.below(4) != 0) rule.when = condition(0);
    if (coin()) fill(rule.probability, Range{});
    for (std::size_t i = 0, count = 1 + random_.below(3); i < count; ++i) {
      Action& action = rule.actions.emplace_back(Action{alternative<Change, 0>(), {}});
      if (coin()) fill(action.probability, Range{});
    }
    return rule;
  }

  Voice voice(std::size_t v, std::vector<Rule> rules) {
    names_ = scene();
    Voice voice = term<Voice>();
    voice.name.text = voices_[v];
    // Only those before it, so that none follow in a circle; the first has steps of its own.
    do {
      names_ = v > 0 ? voices_[random_.below(v)] : "";
      voice.mode = alternative<Mode, 0>();
      if (auto* follow = std::get_if<Follow>(&voice.mode))
        follow->voice.text = names_ = v > 0 ? voices_[random_.below(v)] : "";
    } while (v == 0 && std::holds_alternative<Follow>(voice.mode));
    voice.rules = std::move(rules);
    return voice;
  }

  std::string steps() {
    std::string text;
    for (std::size_t i = 0, count = 1 + random_.below(12); i < count; ++i) {
      const char* const kinds[] = {"x", ".", "-", "x*3", " 2 ", " 0*2 ", "| "};
      text += kinds[random_.below(i == 0 ? 6 : 7)];
    }
    return text;
  }

  Random random_;
  std::string names_;
  std::vector<std::string> voices_, ids_;
};

}  // namespace sfa::rules
