#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"
#include "song.hpp"

using namespace sfa;

namespace {

/// Of a bar of sixteenths, slices 0 1 2 3 in order, the steps from 0 at which the condition holds.
std::vector<int> steps(const std::string& condition, int bars = 1, const std::string& before = "",
                       rules::Settings settings = {}) {
  std::vector<int> result;
  for (const auto& event : rules::played(before + condition + ": pan 1", bars, settings))
    if (event.pan == 1.0) result.push_back(static_cast<int>(event.beat * 4.0 + 0.5));
  return result;
}

using Steps = std::vector<int>;

}  // namespace

TEST_CASE("every comparison compares") {
  CHECK(steps("step 3") == Steps{2});
  CHECK(steps("step = 3") == Steps{2});
  CHECK(steps("step == 3") == Steps{2});
  CHECK(steps("step != 3 and step < 5") == Steps{0, 1, 3});
  CHECK(steps("step <= 2") == Steps{0, 1});
  CHECK(steps("step > 14") == Steps{14, 15});
  CHECK(steps("step >= 15") == Steps{14, 15});
  CHECK(steps("step in 4..6") == Steps{3, 4, 5});
}

TEST_CASE("all, any and not") {
  CHECK(steps("slice 0 and beat 2") == Steps{4});
  CHECK(steps("step 1 or step 2 and slice 1") == Steps{0, 1});
  CHECK(steps("(step 1 or step 2) and slice 1") == Steps{1});
  CHECK(steps("not slice 0 and beat 1") == Steps{1, 2, 3});
  CHECK(steps("not (slice 0 or beat 1) and beat < 3") == Steps{5, 6, 7});
}

TEST_CASE("what is known of the slice") {
  CHECK(steps("class kick and beat 1") == Steps{0});
  CHECK(steps("class hat and beat 1") == Steps{1, 3});  // a group
  CHECK(steps("class closed_hat and beat 1") == Steps{1});
  CHECK(steps("energy >= -9 and beat 1") == Steps{0, 2});
  CHECK(steps("brightness > 8500 and beat 1") == Steps{1});
  CHECK(steps("length < 0.1 and beat 1") == Steps{1});
  CHECK(steps("note 50 and beat 1") == Steps{2});
  CHECK(steps("note != 60 and beat 1") == Steps{2});  // those without a note are neither
  auto slices = rules::four;
  slices[2].section = "B";
  slices[2].role = "chorus";
  CHECK(rules::played("section B: skip", 1, {}, slices).size() == 12);
  CHECK(rules::played("section chorus: skip", 1, {}, slices).size() == 12);
  CHECK_THROWS_WITH_AS((void)rules::played("section B: skip"), "rule r1: section: no sections of the song are known",
                       Error);
}

TEST_CASE("where in the music an event is") {
  CHECK(steps("beat 3") == Steps{8, 9, 10, 11});
  CHECK(steps("bar 2 and subbeat 0", 3) == Steps{16, 20, 24, 28});
  CHECK(steps("phase in 0.5..0.5625") == Steps{8, 9});
  CHECK(steps("subbeat 0.5") == Steps{2, 6, 10, 14});
  CHECK(steps("time < 0.3") == Steps{0, 1, 2});  // 0.125 s a step at 120
  CHECK(steps("beat 7", 1, "meter 7/8\n") == Steps{12, 13});
  CHECK(steps("every 2 beats and subbeat 0") == Steps{4, 12});
  CHECK(steps("every 2 bars and phase 0", 5) == Steps{16, 48});
  CHECK(steps("every 4 offset 1") == Steps{0, 4, 8, 12});
}

TEST_CASE("how often a voice has played") {
  CHECK(steps("count 5") == Steps{4});
  CHECK(steps("plays 2") == Steps{4, 5, 6, 7});
  CHECK(steps("consecutive >= 3", 1, "voice v1 mode \"pattern:0 0 0 1 1 0 0 0\"\n") == Steps{2, 7, 8, 9, 10, 15});
  CHECK(steps("beats_since > 0.25", 1, "voice v1 mode \"pattern:x.xx..x.\"\n") == Steps{2, 6, 8, 10, 14});
  CHECK(steps("seconds_since >= 0.25", 1, "voice v1 mode \"pattern:x.xx..x.\"\n") == Steps{2, 6, 8, 10, 14});
  // What is skipped has not been played, but was there.
  CHECK(steps("plays 2", 1, "step 5: skip\n") == Steps{5, 6, 7, 8});
  CHECK(steps("count 6", 1, "step 5: skip\n") == Steps{5});
}

TEST_CASE("passes through the pattern: first, and A:B") {
  CHECK(steps("first and slice 0", 2) == Steps{0, 4, 8, 12});
  CHECK(steps("ratio 2:3 and phase 0", 6) == Steps{16, 64});
  CHECK(steps("ratio 1:2 and slice 0", 1, "voice v1 mode seq length 4\n") == Steps{0, 8});
  CHECK(steps("pass 2", 1, "voice v1 mode pattern:x..x.\n") == Steps{5, 8});
  CHECK(steps("step 4", 1, "voice v1 mode pattern:x..x.\n") == Steps{3, 8, 13});
}

TEST_CASE("what other rules and voices did") {
  CHECK(steps("pre", 1, "slice 2 and beat 1: gain -1\n") == Steps{2});
  CHECK(steps("previous", 1, "every 2: gain -1\nevery 4: gain -1\n") == Steps{3, 7, 11, 15});
  CHECK(steps("fired r1 and beat 1", 1, "slice 2: gain -1\n") == Steps{2});
  const auto late = rules::played("[late] fired early: pan 1\n[early] slice 2: gain -1", 1);
  for (std::size_t i = 0; i < late.size(); ++i)
    CHECK(late[i].pan == (i > 0 && i % 4 == 3 ? 1.0 : 0.0));  // on the event before
  const std::string two = "voice a mode euclid:1/4\n[on] beat 2: gain -1\nvoice b mode seq\n";
  CHECK(steps("neighbour", 1, two) == Steps{4, 5, 6, 7});
  CHECK(steps("velocity < 0.6 of a", 1, "voice a mode euclid:1/4\nbeat 3: velocity 0.5\nvoice b mode seq\n") ==
        Steps{8, 9, 10, 11});
  CHECK(steps("beats_since 0.5 of a", 1, "voice a mode euclid:1/4\nvoice b mode seq\n") == Steps{2, 6, 10, 14});
  CHECK(steps("seen any within 0 of a", 1, "voice a mode euclid:1/8\nvoice b mode seq\n") == Steps{0, 8});
}

TEST_CASE("the past is searched for slices, classes and rules") {
  CHECK(steps("seen slice 3 times 2 within 2") == Steps{8, 9, 10, 11, 12, 13, 14, 15});
  CHECK(steps("seen slice 3 times 4 within 4", 2).front() == 16);
  CHECK(steps("seen class hat within 0.25") == Steps{2, 4, 6, 8, 10, 12, 14});
  CHECK(steps("seen rule roll times 2 within 2 and slice 0", 2, "[roll] slice 0 and bar 1: gain -1\n") ==
        Steps{8, 12, 16});
  CHECK(steps("seen any times 17 within 64", 2).front() == 17);
}

TEST_CASE("another rule answers when the roll came three times") {
  const auto events = rules::played(
      "let rolls = 0\n[roll] slice 2: gain -1, set rolls += 1\n[answer] var rolls 3: pan 1, set rolls = 0", 2);
  std::vector<double> answers;
  for (const auto& event : events)
    if (event.pan == 1.0) answers.push_back(event.beat);
  CHECK(answers == std::vector<double>{2.5, 5.5});
}

TEST_CASE("fill holds in its bars, and while the player holds it") {
  CHECK(steps("fill and phase 0", 8, "", {.fill_bars = 4}) == Steps{48, 112});
  CHECK(steps("fill", 8).empty());
  auto set = rules::parse_rules("voice v1 mode euclid:1/4\nfill: pan 1");
  rules::Sequencer sequencer(set, {rules::four}, {});
  std::vector<rules::Event> events;
  sequencer.advance(1.0, events);
  sequencer.set_fill(true);
  sequencer.advance(3.0, events);
  sequencer.set_fill(false);
  sequencer.advance(4.0, events);
  CHECK(rules::all(events, &rules::Event::pan) == std::vector<double>{0.0, 1.0, 1.0, 0.0});
}

TEST_CASE("scenes are switched by rules") {
  const auto events =
      rules::played("start a\nscene a and step 3: scene b\nscene b and step 6: scene a\nscene b: pan 1", 1);
  std::vector<int> on;
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i].pan == 1.0) on.push_back(static_cast<int>(i));
  CHECK(on == Steps{2, 3, 4});
  CHECK(events[3].scene == "b");
  CHECK(events[6].scene == "a");
}
