// What a player does to a sequencer while it plays.
#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"
#include "song.hpp"

using namespace sfa;

namespace {

std::vector<rules::Event> next_bar(rules::Sequencer& sequencer) {
  std::vector<rules::Event> events;
  sequencer.advance(sequencer.beat() + sequencer.bar_beats(), events);
  return events;
}

std::size_t changed(const std::vector<rules::Event>& events) {
  std::size_t count = 0;
  for (const auto& event : events) count += !event.rule.empty();
  return count;
}

}  // namespace

TEST_CASE("rules are switched off and on and made more or less probable") {
  rules::Sequencer sequencer(rules::parse_rules("voice v1\n[roll] always: pan 1 @50%"), {rules::four}, {.seed = 3});
  const auto some = changed(next_bar(sequencer));
  CHECK(some > 0);
  CHECK(some < 16);
  CHECK(sequencer.set_probability("roll", 1.0));
  CHECK(changed(next_bar(sequencer)) == 16);
  CHECK(sequencer.enable_rule("roll", false));
  CHECK(changed(next_bar(sequencer)) == 0);
  CHECK(sequencer.enable_rule("roll", true));
  CHECK(sequencer.set_probability("roll", 0.0));
  CHECK(changed(next_bar(sequencer)) == 0);
  CHECK_FALSE(sequencer.set_probability("rall", 1.0));
  CHECK_FALSE(sequencer.set_probability("roll", 2.0));
  CHECK_FALSE(sequencer.enable_rule("rall", true));
}

TEST_CASE("a fader up and down again leaves the dice as they were") {
  rules::Sequencer moved(rules::parse_rules("voice v1 mode random\n[roll] always: pan 1 @50%"), {rules::four},
                         {.seed = 3});
  auto still = moved;
  (void)next_bar(still);
  moved.set_probability("roll", 0.9);
  (void)next_bar(moved);
  moved.set_probability("roll", 0.5);
  const auto a = next_bar(still), b = next_bar(moved);
  CHECK(rules::all(a, &rules::Event::pan) == rules::all(b, &rules::Event::pan));
  CHECK(rules::all(a, &rules::Event::slice) == rules::all(b, &rules::Event::slice));
}

TEST_CASE("variables, scenes and tempo are set") {
  rules::Sequencer sequencer(
      rules::parse_rules("let x = 0\nvoice v1 mode euclid:1/4\nvar x 1: pan 1\nscene b: gain -1"), {rules::four}, {});
  (void)next_bar(sequencer);
  CHECK(sequencer.set_variable("x", 1.0));
  CHECK_FALSE(sequencer.set_variable("y", 1.0));
  sequencer.set_scene("b");
  CHECK_THROWS_AS(sequencer.set_scene(""), Error);
  sequencer.set_tempo(60.0);
  CHECK_THROWS_AS(sequencer.set_tempo(0.0), Error);
  const auto events = next_bar(sequencer);
  REQUIRE(events.size() == 4);
  CHECK(events[0].pan == 1.0);
  CHECK(events[0].gain_db == -1.0);
  CHECK(events[0].time == doctest::Approx(2.0));  // four beats at 120
  CHECK(events[1].time == doctest::Approx(3.0));  // one more at 60
}

TEST_CASE("other rules take over at a bar and carry on") {
  rules::Sequencer sequencer(rules::parse_rules("let x = 5\nvoice a mode seq\nvoice b mode euclid:1/16"),
                             {rules::four, rules::four}, {.seed = 1});
  (void)next_bar(sequencer);
  sequencer.set_variable("x", 7.0);
  sequencer.replace(
      rules::parse_rules("let x = 5\nlet y = 1\nvoice a mode seq\ncount 17: pan 1\nvoice c mode follow:a/delay=0.25"),
      {rules::four, rules::four});
  CHECK(sequencer.variable("x") == 7.0);
  CHECK(sequencer.variable("y") == 1.0);
  const auto events = next_bar(sequencer);
  CHECK(events.front().beat == 4.0);
  CHECK(events.front().pan == 1.0);  // it has counted on
  CHECK(events.front().id == 17);
  CHECK(events.size() == 16 + 15);
  CHECK_THROWS_AS(sequencer.replace(rules::parse_rules("voice a mode pattern:99"), {rules::four}), Error);
  CHECK(next_bar(sequencer).size() == 16 + 16);  // as before
}

TEST_CASE("taking over without a change changes nothing") {
  const auto set = rules::parse_rules(
      "let n = 0\nvoice a mode random:no-repeat humanize 0.3\nseen slice 2 times 2 within 2: pan 1\nconsecutive 1: "
      "set n += 1\n"
      "voice b mode follow:a/delay=-0.5/probability=60%\nvoice c mode follow:b/delay=0.75\nvoice d mode markov "
      "length 5\nvoice e mode chaos");
  rules::Sequencer kept(set, std::vector(5, rules::four), {.seed = 8});
  (void)next_bar(kept);
  auto replaced = kept;
  replaced.replace(set, std::vector(5, rules::four));
  for (int bar = 0; bar < 8; ++bar) {
    const auto a = next_bar(kept), b = next_bar(replaced);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      CHECK(a[i].beat == b[i].beat);
      CHECK(a[i].slice == b[i].slice);
      CHECK(a[i].pan == b[i].pan);
      CHECK(a[i].id == b[i].id);
    }
  }
  CHECK(kept.variable("n") == replaced.variable("n"));
}

TEST_CASE("a rule put anywhere leaves the draws of those with names as they were") {
  const std::string voices = "voice a mode random\nvoice b mode follow:a/probability=50%\n";
  const std::string two = "[one] @40%: pitch 7\n[two] @30%: reverse\n",
                    three = "[one] @40%: pitch 7\n[new] @50%: gain -1, choose random\n[two] @30%: reverse\n";
  const auto before = rules::played(two + voices, 16, {.seed = 4}),
             after = rules::played(three + voices + "[more] @50%: pan 1", 16, {.seed = 4});
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(before[i].time == after[i].time);
    if (before[i].voice == "a") CHECK(before[i].pitch == after[i].pitch);
    CHECK(before[i].reverse == after[i].reverse);
  }
}
