#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "sfa/audio/error.hpp"
#include "song.hpp"

using namespace sfa;
using rules::played;

namespace {

std::vector<int> ids(const std::string& lines, int bars = 1) {
  return rules::all(played(lines, bars, {.seed = 4}), &rules::Event::slice);
}

const std::string one = "voice v1 mode euclid:1/16\n";

}  // namespace

TEST_CASE("double plays twice as loud, a ratchet decays and climbs") {
  const auto twice = played(one + "always: double", 1);
  REQUIRE(twice.size() == 2);
  CHECK(twice[1].beat == 0.125);
  CHECK(twice[1].velocity == 1.0);
  const auto roll = played(one + "always: ratchet 4 decay 0.5 ramp 2", 1);
  REQUIRE(roll.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(roll[i].velocity == std::pow(0.5, i));
    CHECK(roll[i].pitch == 2.0 * static_cast<double>(i));
    CHECK(roll[i].beat == static_cast<double>(i) / 16.0);
  }
}

TEST_CASE("sound is changed as it is written") {
  const auto event = played(one +
                                "always: pitch -5, rate 0.5, gain -6, pan -0.25, gate 2, velocity 0.5, filter "
                                "lowpass 800 q 2, mute_group 3",
                            1)
                         .front();
  CHECK(event.pitch == -5.0);
  CHECK(event.rate == 0.5);
  CHECK(event.gain_db == -6.0);
  CHECK(event.pan == -0.25);
  CHECK(event.gate == doctest::Approx(0.25));  // two sixteenths at 120
  CHECK(event.velocity == 0.5);
  REQUIRE(event.filter);
  CHECK(*event.filter == rules::Filter{rules::Filter::Type::lowpass, 800.0, 2.0});
  CHECK(event.mute_group == 3);
  CHECK(played(one + "always: velocity 16", 1).front().velocity == 1.0);
}

TEST_CASE("another slice is chosen") {
  CHECK(ids("always: choose next") == std::vector<int>{1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0});
  CHECK(ids(one + "always: choose previous") == std::vector<int>{3});
  CHECK(ids("every 2: choose same") == std::vector<int>{0, 0, 2, 2, 0, 0, 2, 2, 0, 0, 2, 2, 0, 0, 2, 2});
  // Nearest to -6 is -9, to -30 is -28, and the other way round.
  CHECK(ids("always: choose nearest by energy") == std::vector<int>{2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1});
  CHECK(ids("always: choose nearest by length", 1).front() == 2);
  CHECK(ids("always: play 3") == std::vector<int>(16, 3));
  CHECK_THROWS_WITH_AS((void)ids("always: play 9"), "rule r1: play: voice v1 has no slice 9", Error);
  const auto random = ids("always: choose random", 8);
  CHECK(std::set<int>(random.begin(), random.end()).size() == 4);
  for (const int id : ids("voice v1 mode seq weights hat*0,kick*0\nalways: choose weighted", 8)) CHECK(id == 2);
}

TEST_CASE("jump and restart move the pattern") {
  CHECK(ids("step 3: jump 1") == std::vector<int>{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0});
  CHECK(ids("step 2: restart") == std::vector<int>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
  CHECK(ids("voice v1 mode \"pattern:0 1 2 3\"\nslice 1: jump 4") ==
        std::vector<int>{0, 1, 3, 0, 1, 3, 0, 1, 3, 0, 1, 3, 0, 1, 3, 0});
  CHECK(played("always: jump 1", 4).size() == 64);
  CHECK(played("always: restart", 4).size() == 64);
}

TEST_CASE("variables are set, added to and multiplied, within bounds") {
  auto set = rules::parse_rules(
      "let x = 1\nlet y = 1\nvoice v1 mode seq\nalways: set x += 2, set x *= 3, set x -= 1, set y *= 1000");
  rules::Sequencer sequencer(set, {rules::four}, {});
  std::vector<rules::Event> events;
  sequencer.advance(0.25, events);
  CHECK(sequencer.variable("x") == 8.0);
  sequencer.advance(100.0, events);
  CHECK(sequencer.variable("x") == 1e9 - 1.0);
  CHECK(sequencer.variable("y") == 1e9);
  CHECK_FALSE(sequencer.variable("z"));
}

TEST_CASE("messages go along") {
  const auto event =
      played(one + "always: midi note 60 value 90 channel 2, midi program 5, osc /roll 1 0.5", 1).front();
  REQUIRE(event.midi.size() == 2);
  CHECK(event.midi[0] == rules::Midi{rules::Midi::Message::note, 60, 90, 2});
  REQUIRE(event.osc.size() == 1);
  CHECK(event.osc[0] == rules::Osc{"/roll", {1.0, 0.5}});
}

TEST_CASE("an action's own chance is kept within the error of sampling") {
  int pans = 0, gains = 0, both = 0;
  const auto events = played("tempo 1000\n@50%: pan 1 @40%, gain -1 @10%", 6250, {.seed = 9});
  for (const auto& event : events) {
    pans += event.pan == 1.0;
    gains += event.gain_db == -1.0;
    both += event.pan == 1.0 && event.gain_db == -1.0;
  }
  const auto near = [](int count, double p) {
    return std::abs(count / 1e5 - p) < 4.0 * std::sqrt(p * (1.0 - p) / 1e5);
  };
  CHECK(events.size() == 100000);
  CHECK(near(pans, 0.2));
  CHECK(near(gains, 0.05));
  CHECK(near(both, 0.02));
}

TEST_CASE("explanations say which rules fired and on which draw") {
  const auto events =
      played(one + "[roll] always: ratchet 2 @70%\n[never] always: pan 1 @0%\n[sure] always: gain -1, pan 0.5 @100%",
             1, {.explain = true});
  const auto& lines = events.front().explanation;
  REQUIRE(lines.size() == 3);
  const bool rolled = events.size() == 2;
  CHECK(lines[0].starts_with(rolled ? "roll fired: 0." : "roll did not fire: 0."));
  CHECK(lines[0].ends_with(rolled ? " < 0.700" : " >= 0.700"));
  CHECK(lines[1].ends_with(" >= 0.000"));
  CHECK(lines[2] == "sure fired");
  CHECK(played(one + "always: skip @50%, pan 1", 1).front().explanation.empty());
}
