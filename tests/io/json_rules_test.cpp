#include "sfa/io/json_rules.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rules/random_rules.hpp"
#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

std::string with(const std::string& members) { return R"({"format":"sfa.rules","version":1,)" + members + "}"; }
std::string rule(const std::string& members) { return with(R"("rules":[{)" + members + "}]"); }
std::string doing(const std::string& action) { return rule(R"("do":)" + action); }
std::string when(const std::string& condition) { return rule(R"("do":"skip","when":)" + condition); }

std::string complaint(const std::string& text, const std::vector<std::string>& classes = {}) {
  try {
    (void)io::rules_from_json(text, classes);
  } catch (const Error& error) {
    CHECK((error.kind == Error::Kind::invalid_data || error.kind == Error::Kind::unsupported));
    const std::string message = error.what();
    CHECK(message.find('\n') == std::string::npos);
    return message;
  }
  return "nothing";
}

rules::Rule only_rule(const std::string& text) { return io::rules_from_json(text).rules.front(); }

}  // namespace

TEST_CASE("any rule set comes back from JSON as it went, and by way of lines, too") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const auto set = rules::RandomRules(seed).set();
    const auto text = io::to_json(set, "", seed % 2 == 0);
    CAPTURE(text);
    rules::RuleSet back;
    REQUIRE_NOTHROW(back = io::rules_from_json(text));
    REQUIRE(back == set);
    REQUIRE(io::to_json(rules::parse_rules(rules::to_text(back)), "", seed % 2 == 0) == text);
  }
}

TEST_CASE("strings in JSON are in the notation of lines") {
  CHECK(only_rule(with(R"("rules":["[a] every 4: reverse"])")) ==
        only_rule(rule(R"("id":"a","when":{"every":4},"do":["reverse"])")));
  CHECK(only_rule(when(R"("every 4 and class snare")")) ==
        only_rule(when(R"({"all":[{"every":{"count":4}},{"class":"snare"}]})")));
  CHECK(only_rule(doing(R"(["ratchet 3 decay 0.7 @30%","skip"])")) ==
        only_rule(doing(R"([{"ratchet":{"hits":3,"decay":0.7},"probability":0.3},{"skip":{}}])")));
  CHECK(io::rules_from_json(with(R"("voices":[{"name":"a","mode":"euclid:5/16"}])")) ==
        io::rules_from_json(with(R"("voices":[{"name":"a","mode":{"euclid":{"pulses":5,"steps":16}}}])")));
  CHECK(only_rule(when(R"({"all":["fill"]})")) == only_rule(when(R"("fill")")));
}

TEST_CASE("comparisons are told by their signs") {
  const auto comparison = [](const char* json) { return std::get<rules::Compare>(only_rule(when(json)).when.test); };
  CHECK(comparison(R"({"energy":{">=":-20}})").is == rules::Comparison{rules::Operator::at_least, -20.0, 0.0});
  CHECK(comparison(R"({"beat":3})").is == rules::Comparison{rules::Operator::equal, 3.0, 0.0});
  CHECK(comparison(R"({"bar":{"in":[5,8]}})").is == rules::Comparison{rules::Operator::within, 5.0, 8.0});
  CHECK(comparison(R"({"bar":[5,8]})").is == rules::Comparison{rules::Operator::within, 5.0, 8.0});
}

TEST_CASE("a mistake is told with its line, its column, its path and what was expected") {
  CHECK(complaint(
            "{\n  \"format\": \"sfa.rules\", \"version\": 1,\n  \"rules\": [\n    {\"do\": {\"rachet\": 3}}\n  ]\n}")
            .starts_with("line 4, column 12: rules[0].do: must be one action (skip, double, ratchet, "));
  CHECK(complaint(doing(R"({"ratchet":{"hits":3,"deacy":0.7}})")) ==
        "line 1, column 79: rules[0].do.ratchet.deacy: must be left out: here may stand hits, decay or ramp");
  CHECK(complaint(doing(R"({"ratchet":33})")).ends_with("rules[0].do.ratchet: must be a whole number from 2 to 32"));
  CHECK(complaint(doing(R"({"ratchet":{}})")).ends_with("rules[0].do.ratchet.hits: is missing"));
  CHECK(complaint(doing(R"({"pitch":"high"})")).ends_with("rules[0].do.pitch: must be a number from -48 to 48"));
  CHECK(complaint(doing(R"({"pitch":1,"pan":1})")).find("rules[0].do: must be one action") != std::string::npos);
  CHECK(complaint(doing(R"({"skip":1})")).ends_with("rules[0].do.skip: must be an object"));
  CHECK(complaint(doing("[]")).ends_with("rules[0].do: must be 1 to 16 actions"));
  CHECK(complaint(rule(R"("when":"fill")")).ends_with("rules[0].do: is missing"));
  CHECK(complaint(when(R"({"sometimes":1})")).find("rules[0].when: must be a condition (always, not, slice") !=
        std::string::npos);
  CHECK(complaint(when(R"({"beat":{">":1,"<":3}})")).ends_with("left out: there is another comparison"));
  CHECK(complaint(when(R"({"beat":{}})")).find("rules[0].when.beat: must be a number, or an object with one of =") !=
        std::string::npos);
  CHECK(complaint(when(R"("every x")"))
            .find("rules[0].when: condition \"every x\", column 7: expected a whole number") != std::string::npos);
  CHECK(complaint(when(R"({"class":"snaer"})"), {"kick", "snare"})
            .ends_with("rule r1: there is no class \"snaer\", but kick or snare"));
  CHECK(complaint(with(R"("voices":[{"name":"a","mode":{"euclid":{"pulses":9,"steps":8}}}])"))
            .find("voice a: pulses of a Euclidean") != std::string::npos);
  CHECK(complaint(with(R"("voices":[{"name":"a","swung":0.6}])")).find("voices[0].swung: must be left out") !=
        std::string::npos);
  CHECK(complaint(with(R"("tempo":100)")).find("tempo: must be left out: here may stand format, ") !=
        std::string::npos);
  CHECK(complaint(with(R"("rules":[{"id":"a b","do":"skip"}])")).find("rules[0].id: must be a name") !=
        std::string::npos);
}

TEST_CASE("documents that are none are one clear line") {
  for (const char* text :
       {"", "[]", "null", "1", "{", "{\"format\":\"sfa.rules\"}", "{\"format\":\"sfa.bank\",\"version\":1}",
        "{\"format\":\"sfa.rules\",\"version\":2}", "\xff"}) {
    CAPTURE(text);
    CHECK(complaint(text) != "nothing");
  }
  for (const char* members :
       {R"("bpm":1e999)", R"("bpm":1e300)", R"("bpm":"fast")", R"("meter":{"numerator":4,"denominator":3})",
        R"("meter":"4/3")", R"("rules":{})", R"("rules":[1])", R"("voices":[1])", R"("voices":{})", R"("scene":1)",
        R"("variables":[])", R"("variables":{"x":"y"})", R"("variables":{"a b":1})", R"("voices":[{}])",
        R"("voices":[{"name":"a","steps_per_beat":4.5}])", R"("voices":[{"name":"a","length":99999999999999999999}])",
        R"("voices":[{"name":"a","groove":0.1}])", R"("voices":[{"name":"a","weights":{"kick":1}}])"}) {
    CAPTURE(members);
    CHECK(complaint(with(members)) != "nothing");
  }
  CHECK(complaint(when(std::string(60, '[') + std::string(60, ']'))) != "nothing");
  CHECK(complaint(when(std::string(100000, '['))).find("deeper than 64") != std::string::npos);
  std::string deep = "\"fill\"";
  for (int i = 0; i < 25; ++i) deep = R"({"not":)" + deep + "}";
  CHECK(complaint(when(deep)).find("less deeply nested") != std::string::npos);
}

TEST_CASE("JSON with mistakes is refused or understood, and nothing else") {
  Random random(7);
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::string text = io::to_json(rules::RandomRules(seed % 100).set());
    for (std::size_t changes = 1 + random.below(3); changes > 0; --changes) {
      const std::size_t at = random.below(text.size());
      switch (random.below(4)) {
        case 0: text[at] = static_cast<char>(random.below(256)); break;
        case 1: text.erase(at, 1 + random.below(30)); break;
        case 2: text.insert(at, text.substr(random.below(text.size()), random.below(40))); break;
        default: text.insert(at, std::string(1, "{}[]\",:0-e"[random.below(10)]));
      }
      if (text.empty()) text = "{";
    }
    refused += complaint(text) != "nothing";
  }
  CHECK(refused > 500);
}
