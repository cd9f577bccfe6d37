#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "random_rules.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/rules/rule_set.hpp"

using namespace sfa;

namespace {

std::string complaint(const std::string& text) {
  try {
    (void)rules::parse_rules(text);
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::invalid_argument);
    return error.what();
  }
  return "nothing";
}

std::string manual() {
  std::ifstream file(SFA_SOURCE_DIR "/man/sfa-rules.5");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The words of an optional field of any term.
struct OptionalNames {
  std::set<std::string_view> all;
  template <typename Value>
  void required(std::string_view, Value, rules::Range) {}
  template <typename Value>
  void optional(std::string_view name, Value, rules::Range) {
    all.insert(name);
  }
  template <typename Enum, typename Term>
  void unit(std::string_view, Enum Term::*) {
    for (const auto word : names(Enum{})) all.insert(word);
  }
  template <typename Value>
  void rest(std::string_view, Value, rules::Range) {}
  void colon() {}
};

template <typename Variant, std::size_t First>
void collect(OptionalNames& names) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (std::variant_alternative_t<First + I, Variant>::fields(names), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Variant> - First>{});
}

}  // namespace

TEST_CASE("any rule set written in lines comes back equal") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const rules::RuleSet set = rules::RandomRules(seed).set();
    const std::string text = rules::to_text(set);
    CAPTURE(text);
    rules::RuleSet back;
    REQUIRE_NOTHROW(back = rules::parse_rules(text));
    REQUIRE(back == set);
    REQUIRE(rules::to_text(back) == text);
  }
}

TEST_CASE("a chance before the colon, or behind the only action, is the rule's; any other is not") {
  const auto probability = [](const char* text) { return rules::parse_rule(text).probability.value; };
  CHECK(probability("@30%: skip") == 0.3);
  CHECK(probability("every 4 @30%: skip") == 0.3);
  CHECK(probability("every 4 and @30%: skip, reverse @50%") == 0.3);
  CHECK(probability("every 4: skip @30%") == 0.3);
  CHECK(probability("every 4: skip @30%, reverse") == 1.0);
  CHECK(probability("@30% and every 4: skip") == 1.0);
  CHECK(probability("(@30%): skip") == 1.0);
  CHECK(probability("not @30%: skip") == 1.0);
  CHECK(probability("fill or @30%: skip") == 1.0);
  CHECK(rules::parse_rule("fill or @30%: skip") == rules::parse_rule("fill or (@30%): skip"));
  CHECK(rules::parse_rule("@7%: skip").probability.value == 0.07);
}

TEST_CASE("or binds less than and, and parentheses group") {
  CHECK(rules::parse_rule("fill or first and pre: skip") == rules::parse_rule("fill or (first and pre): skip"));
  CHECK(rules::parse_rule("fill first: skip") == rules::parse_rule("fill and first: skip"));
  CHECK(rules::parse_rule("not fill or first: skip") == rules::parse_rule("(not fill) or first: skip"));
  CHECK(rules::parse_rule("louder -20: skip") == rules::parse_rule("energy >= -20: skip"));
  CHECK(rules::parse_rule("nei: rest") == rules::parse_rule("neighbour: skip"));
}

TEST_CASE("a file of rules has settings, voices and their rules, blank lines and comments") {
  const auto set = rules::parse_rules(
      "# a groove\n"
      "tempo 96.5\nmeter 7/8\nstart intro\nlet rolls = 2\n\n"
      "[all] always: pan 0.5   # for everyone\n"
      "voice drums bank \"my #1.json\" only kick,snare mode euclid:5/16/inverted swing 0.6\n"
      "  class snare: ratchet 3 decay 0.7 @30%\n"
      "voice echo mode follow:drums/delay=0.75/choice=nearest scenes intro,end\n"
      "  [quiet off] always: gain -6\n");
  CHECK(set.bpm == 96.5);
  CHECK(set.meter == rules::Meter{7, 8});
  CHECK(set.scene.text == "intro");
  CHECK(set.variables.at("rolls") == 2.0);
  CHECK(set.rules.front().id == "all");
  REQUIRE(set.voices.size() == 2);
  CHECK(set.voices[0].bank == "my #1.json");
  CHECK(set.voices[0].only.size() == 2);
  CHECK(std::get<rules::Euclidean>(set.voices[0].mode).inverted);
  CHECK(set.voices[0].rules.front().id == "r2");
  CHECK(std::get<rules::Follow>(set.voices[1].mode).delay == 0.75);
  CHECK_FALSE(set.voices[1].rules.front().enabled);
}

TEST_CASE("a mistake in a file is told with its line, its column and what was expected") {
  CHECK(complaint("tempo 120\n  every x: skip\n") ==
        "line 2, column 9: expected a whole number from 1 to 9999, found \"x\"");
  CHECK(complaint("voice a swung 0.6").find("line 1, column 9: expected an option of a voice (bank, only, mode, ") ==
        0);
  CHECK(complaint("voice a mode euclid:9/8") ==
        "line 1, column 21: pulses of a Euclidean rhythm must be from 1 to 8");
  CHECK(complaint("voice a mode eucl:9/8").find("line 1, column 14: expected a mode (seq, ") == 0);
  CHECK(complaint("voice a mode euclid:5/x").find("line 1, column 23: expected a whole number") == 0);
  CHECK(complaint("voice a mode euclid:5") ==
        "line 1, column 22: expected euclid:pulses/steps/[rotation]/[inverted], found the end");
  CHECK(complaint("voice a\nvoice a") == "line 2, column 7: expected a name that no voice has yet, found \"a\"");
  CHECK(complaint("let x = y") == "line 1, column 9: expected a number from -1e+09 to 1e+09, found \"y\"");
  CHECK(complaint("meter 4/5").find("line 1, column 7: expected N/D") == 0);
  CHECK(complaint("class \"open: skip") == "line 1, column 18: expected a closing \", found the end");
  CHECK(complaint("always: boom").find("line 1, column 9: expected an action (skip, double, ratchet, ") == 0);
  CHECK(complaint("sometimes: skip").find("line 1, column 1: expected a condition (always, not, slice, ") == 0);
}

TEST_CASE("what rules ask for must be there") {
  CHECK(complaint("var x >= 1: skip") == "rule r1: there is no variable called \"x\"");
  CHECK(complaint("fired roll: skip") == "rule r1: there is no rule called \"roll\"");
  CHECK(complaint("seen rule roll: skip") == "rule r1: there is no rule called \"roll\"");
  CHECK(complaint("velocity > 0.5 of bass: skip") == "rule r1: there is no voice called \"bass\"");
  CHECK(complaint("voice a mode follow:b") == "voice a: there is no voice called \"b\"");
  CHECK(complaint("voice a mode follow:a").find("follows in a circle") != std::string::npos);
  CHECK(complaint("voice a mode follow:b\nvoice b mode follow:c\nvoice c mode follow:a").find("in a circle") !=
        std::string::npos);
  CHECK(complaint("[x] always: skip\n[x] always: skip") == "two rules are called \"x\"");
}

TEST_CASE("odd texts are mistakes, however deep and long") {
  std::string deep, wide = "fill", many = "always: skip";
  for (int i = 0; i < 100000; ++i) deep += "(";
  CHECK(complaint(deep).find("less deeply nested") != std::string::npos);
  for (int i = 0; i < 100000; ++i) wide += " or fill";
  CHECK(complaint(wide + ": skip").find("no more than 64 conditions") != std::string::npos);
  for (int i = 0; i < 100; ++i) many += ", skip";
  CHECK(complaint(many).find("no more than 16 actions") != std::string::npos);
  std::string nots;
  for (int i = 0; i < 100000; ++i) nots += "not ";
  CHECK(complaint(nots).find("expected") != std::string::npos);
}

TEST_CASE("no optional word of a condition begins another one") {
  OptionalNames optional;
  collect<rules::Test, rules::first_named_test - 1>(optional);
  for (const auto name : rules::condition_names()) CHECK_FALSE(optional.all.contains(name));
  for (const char* word : {"and", "or", "not", "tempo", "meter", "start", "let", "voice"}) {
    CHECK_FALSE(optional.all.contains(word));
    const auto names = rules::condition_names();
    if (std::string_view(word) != "not") CHECK(std::ranges::find(names, word) == names.end());
  }
}

TEST_CASE("sfa-rules(5) tells of every mode, condition and action, and its grammar has them all") {
  const std::string page = manual();
  REQUIRE_FALSE(page.empty());
  const auto documented = [&](std::string_view name) {
    CAPTURE(name);
    CHECK(page.find(".It Cm " + std::string(name)) != std::string::npos);
    CHECK(page.find('"' + std::string(name) + '"') != std::string::npos);
  };
  for (const auto name : rules::condition_names()) documented(name);
  for (const auto name : rules::action_names()) documented(name);
  for (const auto name : rules::mode_names()) documented(name);
  OptionalNames words;
  collect<rules::Test, rules::first_named_test - 1>(words);
  collect<rules::Change, 0>(words);
  rules::Voice::fields(words);
  for (const auto name : words.all) {
    CAPTURE(name);
    CHECK(page.find('"' + std::string(name) + '"') != std::string::npos);
  }
}
