#include "sfa/rules/sequencer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

const std::vector<rules::SliceFacts> four{
    {0, "kick", -6.0}, {1, "hat", -30.0}, {2, "snare", -9.0}, {3, "hat", -28.0}};

/// One voice, as the command line makes it.
struct Pattern {
  rules::Voice voice;
  std::vector<rules::Rule> rules;
  rules::Settings settings;
  int bars = 4;

  [[nodiscard]] rules::RuleSet set() const {
    rules::RuleSet result;
    result.rules = rules;
    result.voices = {voice};
    result.voices[0].name.text = "v1";
    return result;
  }
};

Pattern pattern(const std::string& mode, const std::vector<std::string>& lines = {}, std::uint64_t seed = 0) {
  Pattern result;
  result.voice.mode = rules::parse_mode(mode);
  for (const auto& line : lines) result.rules.push_back(rules::parse_rule(line));
  result.settings.seed = seed;
  return result;
}

rules::Events made(const Pattern& what, const std::vector<rules::SliceFacts>& slices = four) {
  return rules::generate(what.set(), {slices}, what.settings, what.bars);
}

std::vector<int> slices_of(const rules::Events& events) {
  std::vector<int> ids;
  for (const auto& event : events.events) ids.push_back(event.slice);
  return ids;
}

}  // namespace

TEST_CASE("the sequential mode plays every sixteenth, slices in order") {
  auto what = pattern("seq");
  what.bars = 1;
  const auto events = made(what);
  REQUIRE(events.events.size() == 16);
  CHECK(events.duration == doctest::Approx(2.0));  // 4 beats at 120
  for (std::size_t i = 0; i < 16; ++i) {
    CHECK(events.events[i].slice == static_cast<int>(i % 4));
    CHECK(events.events[i].beat == doctest::Approx(0.25 * static_cast<double>(i)));
    CHECK(events.events[i].time == doctest::Approx(0.125 * static_cast<double>(i)));
  }
}

TEST_CASE("the Euclidean mode plays on its pulses and goes on over bar lines") {
  auto what = pattern("euclid:3/8");
  what.bars = 1;
  std::vector<double> beats;
  for (const auto& event : made(what).events) beats.push_back(event.beat);
  CHECK(beats == std::vector<double>{0.0, 0.75, 1.5, 2.0, 2.75, 3.5});
  what = pattern("euclid:1/5");
  what.bars = 2;
  CHECK(made(what).events.size() == 7);  // steps 0, 5, ..., 30 of 32
}

TEST_CASE("events come in time and within the pattern in every mode") {
  for (const char* mode : {"seq", "euclid:7/16/3", "random", "random:no-repeat", "prob:40%"}) {
    auto what = pattern(mode, {"@50%: ratchet 5", "@20%: skip"}, 9);
    what.voice.swing = 0.66;
    const auto events = made(what);
    double last = 0.0;
    for (const auto& event : events.events) {
      CHECK(event.time >= last);
      CHECK(event.time < events.duration);
      CHECK(event.time == doctest::Approx(event.beat * 60.0 / events.bpm));
      last = event.time;
    }
  }
}

TEST_CASE("random choice without repetition never plays a slice twice in a row, and plays them all") {
  auto what = pattern("random:no-repeat", {}, 3);
  what.bars = 50;
  const auto ids = slices_of(made(what));
  for (std::size_t i = 1; i < ids.size(); ++i) CHECK(ids[i] != ids[i - 1]);
  CHECK(std::set<int>(ids.begin(), ids.end()).size() == four.size());
  CHECK(made(what, {four.front()}).events.size() == 800);  // one slice has to repeat
}

TEST_CASE("a step's probability is kept within the error of sampling") {
  auto what = pattern("prob:0.3", {}, 5);
  what.bars = 500;
  const double steps = 8000.0;
  const double sigma = std::sqrt(0.3 * 0.7 / steps);
  CHECK(std::abs(static_cast<double>(made(what).events.size()) / steps - 0.3) < 4.0 * sigma);
  CHECK(made(pattern("prob:0")).events.empty());
  CHECK(made(pattern("prob:1")).events.size() == 64);
}

TEST_CASE("every N works on the N-th, 2N-th and so on") {
  const auto events = made(pattern("seq", {"every 4: reverse"}));
  for (std::size_t i = 0; i < events.events.size(); ++i) {
    CHECK(events.events[i].reverse == ((i + 1) % 4 == 0));
    CHECK(events.events[i].rule == ((i + 1) % 4 == 0 ? "r1" : ""));
  }
  const auto bars = made(pattern("seq", {"every 2 bars: pitch 3", "every 3 beats: pan 1", "beat 2: velocity 0.5"}));
  for (std::size_t i = 0; i < bars.events.size(); ++i) {
    CHECK(bars.events[i].pitch == (i / 16 % 2 == 1 ? 3.0 : 0.0));
    CHECK(bars.events[i].pan == ((i / 4 + 1) % 3 == 0 ? 1.0 : 0.0));
    CHECK(bars.events[i].velocity == (i % 16 / 4 == 1 ? 0.5 : 1.0));
  }
}

TEST_CASE("conditions on the slice look at its class and level, and all must hold") {
  const auto events =
      made(pattern("seq", {"class hat: skip", "louder -7: pitch 1", "every 2 and quieter -7: pitch 2"}));
  for (const auto& event : events.events) {
    CHECK(event.slice % 2 == 0);                           // hats are 1 and 3
    CHECK(event.pitch == (event.slice == 0 ? 1.0 : 0.0));  // even events are hats, and skipped
  }
}

TEST_CASE("actions add up: pitch adds, reversing twice is forwards, velocity multiplies") {
  const auto event =
      made(pattern("seq", {"always: pitch 2, reverse, velocity 0.5", "always: pitch 3, reverse, velocity 0.5"}))
          .events.front();
  CHECK(event.pitch == 5.0);
  CHECK_FALSE(event.reverse);
  CHECK(event.velocity == 0.25);
  CHECK(event.rule == "r1,r2");
}

TEST_CASE("a ratchet divides its step and decays") {
  auto what = pattern("euclid:1/16", {"always: ratchet 4"});
  what.bars = 1;
  const auto events = made(what).events;
  REQUIRE(events.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(events[i].beat == doctest::Approx(static_cast<double>(i) / 16.0));
    CHECK(events[i].gate == doctest::Approx(i < 3 ? 0.125 / 4.0 : 0.0));
    if (i > 0) CHECK(events[i].velocity < events[i - 1].velocity);
  }
}

TEST_CASE("a rule added behind the others leaves their choices as they were") {
  const std::vector<std::string> two{"@40%: pitch 7", "@30%: reverse"};
  auto three = two;
  three.push_back("@50%: velocity 0.5");
  for (const char* mode : {"seq", "random", "random:no-repeat", "prob:50%"}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto before = made(pattern(mode, two, seed)).events, after = made(pattern(mode, three, seed)).events;
      REQUIRE(before.size() == after.size());
      for (std::size_t i = 0; i < before.size(); ++i) {
        CHECK(before[i].slice == after[i].slice);
        CHECK(before[i].pitch == after[i].pitch);
        CHECK(before[i].reverse == after[i].reverse);
      }
    }
  }
}

TEST_CASE("a higher probability keeps what a lower one chose") {
  const auto low = made(pattern("seq", {"@20%: pitch 1"}, 4)).events,
             high = made(pattern("seq", {"@60%: pitch 1"}, 4)).events;
  for (std::size_t i = 0; i < low.size(); ++i) CHECK(high[i].pitch >= low[i].pitch);
}

TEST_CASE("a skip changes nothing but the events it leaves out") {
  const auto all = made(pattern("random", {"@50%: pitch 1"}, 8)).events;
  const auto some = made(pattern("random", {"@50%: pitch 1", "every 3: skip"}, 8)).events;
  std::size_t next = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((i + 1) % 3 == 0) continue;
    REQUIRE(next < some.size());
    CHECK(some[next].time == all[i].time);
    CHECK(some[next].slice == all[i].slice);
    CHECK(some[next++].pitch == all[i].pitch);
  }
  CHECK(next == some.size());
}

TEST_CASE("the seed decides: the same gives the same, another another") {
  const auto ids = [](std::uint64_t seed) { return slices_of(made(pattern("random", {}, seed))); };
  CHECK(ids(7) == ids(7));
  CHECK(ids(7) != ids(8));
  CHECK(ids(0) != ids(~std::uint64_t{0}));
}

TEST_CASE("swing moves each second step and nothing else") {
  auto what = pattern("seq");
  what.voice.swing = 2.0 / 3.0;
  what.bars = 1;
  const auto events = made(what).events;
  CHECK(events[0].beat == 0.0);
  CHECK(events[1].beat == doctest::Approx(1.0 / 3.0));
  CHECK(events[2].beat == 0.5);
}

TEST_CASE("meters other than 4/4 have bars of their own length") {
  auto what = pattern("seq", {"beat 7: skip"});
  what.settings.meter = {7, 8};
  what.bars = 2;
  const auto events = made(what);
  CHECK(events.duration == doctest::Approx(3.5));  // 7 quarter notes at 120
  CHECK(events.events.size() == 28 - 4);
}

TEST_CASE("a pattern refuses what it cannot be") {
  CHECK_THROWS_WITH_AS((void)made(pattern("seq"), {}), "voice v1: there are no slices to play", Error);
  const auto refuses = [](auto change) {
    auto what = pattern("seq");
    change(what);
    CHECK_THROWS_AS((void)made(what), Error);
  };
  refuses([](auto& p) { p.bars = 0; });
  refuses([](auto& p) { p.bars = 10000; });
  refuses([](auto& p) { p.settings.bpm = std::nan(""); });
  refuses([](auto& p) { p.settings.bpm = 0.0; });
  refuses([](auto& p) { p.settings.meter = {4, 3}; });
  refuses([](auto& p) { p.settings.meter = {0, 4}; });
  refuses([](auto& p) { p.settings.meter = {4, 0}; });
  refuses([](auto& p) { p.voice.swing = 0.8; });
  refuses([](auto& p) { p.voice.gate = -1.0; });
  refuses([](auto& p) { p.voice.steps_per_beat = 0; });
  refuses([](auto& p) {
    p.bars = 9999;
    p.settings.meter = {64, 1};
  });
  refuses([](auto& p) { p.voice.mode = rules::Probable{{2.0}}; });
  refuses([](auto& p) {
    p.bars = 2000;
    p.rules = {rules::parse_rule("always: ratchet 32")};
  });
}
