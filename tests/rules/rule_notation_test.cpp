#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/rules/rule.hpp"

using namespace sfa;

namespace {

const std::vector<std::string> classes{"kick", "snare", "hat"};

std::string complaint(const std::string& text) {
  try {
    (void)rules::parse_rule(text, classes);
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::invalid_argument);
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a rule is read as conditions and actions") {
  const auto rule = rules::parse_rule("every 3 and class snare: pitch -5 @50%, reverse", classes);
  const auto& conditions = std::get<rules::All>(rule.when.test).of;
  REQUIRE(conditions.size() == 2);
  CHECK(std::get<rules::Every>(conditions[0].test).count == 3);
  CHECK(std::get<rules::Every>(conditions[0].test).unit == rules::Every::Unit::events);
  CHECK(std::get<rules::OfClass>(conditions[1].test).of.text == "snare");
  REQUIRE(rule.actions.size() == 2);
  CHECK(std::get<rules::Pitch>(rule.actions[0].change).semitones == -5.0);
  CHECK(rule.actions[0].probability.value == 0.5);
  CHECK(std::holds_alternative<rules::Reverse>(rule.actions[1].change));
  CHECK(rule.actions[1].probability.value == 1.0);
}

TEST_CASE("a chance may stand alone, behind a condition and as a word") {
  for (const char* text : {"@30%: ratchet 3", "every 4 @30%: ratchet 3", "every 4 and probability 30 %: ratchet 3"}) {
    CAPTURE(text);
    const auto rule = rules::parse_rule(text, classes);
    CHECK(rule.probability.value == 0.3);
    CHECK(std::get<rules::Ratchet>(rule.actions.front().change).hits == 3);
  }
}

TEST_CASE("all words of the notation are known, with blanks where one likes") {
  for (const char* text :
       {"always:skip", " every 2 beats : reverse ", "every 4 bars: pitch +7", "beat 3: velocity 0.5",
        "louder -20 and quieter -3.5: pan -0.25", "every 8 events: pitch 0.5@1%", "class kick\t:skip"}) {
    CAPTURE(text);
    CHECK_NOTHROW((void)rules::parse_rule(text, classes));
  }
  CHECK(rules::parse_rule("always: skip").when == rules::Condition{});
  CHECK(std::get<rules::OfClass>(rules::parse_rule("class gong: skip").when.test).of.text == "gong");
}

TEST_CASE("a mistake is told with its column and what was expected") {
  CHECK(complaint("every x: reverse") ==
        "rule \"every x: reverse\", column 7: expected a whole number from 1 to 9999, found \"x\"");
  CHECK(complaint("every 4: revers")
            .starts_with("rule \"every 4: revers\", column 10: expected an action (skip, double, "));
  CHECK(complaint("every 4: revers").ends_with(", found \"revers\""));
  CHECK(complaint("class snaer: skip") ==
        "rule \"class snaer: skip\", column 7: expected a class (kick, snare or hat), found \"snaer\"");
  CHECK(complaint("@30: skip") == "rule \"@30: skip\", column 4: expected \"%\", found \":\"");
  CHECK(complaint("every 4") ==
        "rule \"every 4\", column 8: expected \":\", \"and\", \"or\" or a condition, found the end");
  CHECK(complaint("every 4: skip reverse") ==
        "rule \"every 4: skip reverse\", column 15: expected \",\" or the end, found \"reverse\"");
  CHECK(complaint("\u00e9very 4: skip").find("column 1:") != std::string::npos);
  CHECK(complaint("class \u00e9\u00e9 x: skip").find("column 7:") != std::string::npos);
}

TEST_CASE("numbers outside their ranges and half rules are mistakes") {
  for (const char* text : {"",
                           ":",
                           " ",
                           "every: skip",
                           "every 0: skip",
                           "every 10000: skip",
                           "every 2.5: skip",
                           "every 99999999999: skip",
                           "@101%: skip",
                           "@-1%: skip",
                           "@nan%: skip",
                           "@%: skip",
                           "always:",
                           "always: ",
                           "always: skip,",
                           "always: pitch",
                           "always: pitch 49",
                           "always: pitch inf",
                           "always: pitch +-3",
                           "always: ratchet 1",
                           "always: ratchet 33",
                           "always: velocity 17",
                           "always: pan 2",
                           "and every 4: skip",
                           "every 4 and: skip",
                           "every 4:: skip",
                           "louder 3: skip",
                           "energy: skip",
                           "energy < : skip",
                           "bar in 5: skip",
                           "bar in 5..2: skip",
                           "ratio 1: skip",
                           "class : skip",
                           "always: skip @50",
                           "always: skip @50%%"}) {
    CAPTURE(text);
    CHECK(complaint(text).find("expected") != std::string::npos);
  }
}
