// Whatever the rules are: no event before 0, ids that ascend, an end to each window, and one and the same pattern.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "random_rules.hpp"
#include "sfa/audio/error.hpp"
#include "song.hpp"

using namespace sfa;

namespace {

constexpr double beats = 24.0;

/// How many rule sets: as many as SFA_FUZZ_SETS says.
std::uint64_t sets_to_try() {
  const char* const wanted = std::getenv("SFA_FUZZ_SETS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 1000;
}

rules::Sequencer sequencer_of(const rules::RuleSet& set, std::uint64_t seed) {
  auto slices = rules::four;
  slices[1].section = "A";
  return {set, std::vector(set.voices.size(), slices), {.seed = seed, .fill_bars = 3, .explain = seed % 2 == 0}};
}

void check_sound(const std::vector<rules::Event>& events) {
  double last = 0.0;
  std::uint64_t next = 0;
  for (const rules::Event& event : events) {
    REQUIRE(event.time >= last);
    REQUIRE(event.beat >= 0.0);
    REQUIRE(event.beat < beats);
    REQUIRE(event.id == next++);
    REQUIRE(event.velocity >= 0.0);
    REQUIRE(event.velocity <= 1.0);
    REQUIRE(std::abs(event.pan) <= 1.0);
    REQUIRE(event.gate >= 0.0);
    const double speed = event.rate * std::exp2(event.pitch / 12.0);
    REQUIRE(speed >= 1.0 / 64.0);
    REQUIRE(speed <= 64.0);
    REQUIRE(event.slice >= 0);
    REQUIRE(event.slice < 4);
    last = event.time;
  }
}

bool same(const rules::Event& a, const rules::Event& b) {
  return a.time == b.time && a.id == b.id && a.slice == b.slice && a.velocity == b.velocity && a.pitch == b.pitch &&
         a.rate == b.rate && a.reverse == b.reverse && a.pan == b.pan && a.gate == b.gate && a.rule == b.rule &&
         a.voice == b.voice && a.scene == b.scene && a.explanation == b.explanation;
}

}  // namespace

TEST_CASE("no rule set makes an event before 0, ids that are not its own, or no end") {
  const auto sets = sets_to_try();
  std::uint64_t silent = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < sets; ++seed) {
    CAPTURE(seed);
    const auto set = rules::RandomRules(seed).set();
    std::optional<rules::Sequencer> sequencer;
    try {
      sequencer.emplace(sequencer_of(set, seed));
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::invalid_argument);  // weights of 0 alone
      ++refused;
      continue;
    }
    std::vector<rules::Event> events;
    sequencer->advance(beats, events);
    check_sound(events);
    silent += events.empty();
  }
  CHECK(silent < sets / 4);
  CHECK(refused < sets / 20);
}

TEST_CASE("events do not depend on how the windows are cut, and a copy goes on alike") {
  for (std::uint64_t seed = 1000; seed < 1400; ++seed) {
    CAPTURE(seed);
    const auto set = rules::RandomRules(seed).set();
    try {
      auto whole = sequencer_of(set, seed), cut = whole;
      std::vector<rules::Event> at_once, pieces;
      whole.advance(beats, at_once);
      Random random(seed);
      for (double beat = 0.0; beat < beats;) {
        beat += random.below(3) == 0 ? 1e-3 : random.uniform(0.0, 3.0);
        if (random.below(4) == 0) cut = rules::Sequencer(cut);
        cut.advance(std::min(beat, beats), pieces);
      }
      REQUIRE(at_once.size() == pieces.size());
      for (std::size_t i = 0; i < pieces.size(); ++i) REQUIRE(same(at_once[i], pieces[i]));
    } catch (const Error&) {
    }
  }
}

TEST_CASE("texts with mistakes are refused or understood, and nothing else") {
  Random random(5);
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    std::string text = rules::to_text(rules::RandomRules(seed % 100).set());
    for (std::size_t changes = 1 + random.below(4); changes > 0 && !text.empty(); --changes) {
      const std::size_t at = random.below(text.size());
      switch (random.below(4)) {
        case 0: text[at] = static_cast<char>(random.below(256)); break;
        case 1: text.erase(at, 1 + random.below(8)); break;
        case 2: text.insert(at, text.substr(random.below(text.size()), random.below(12))); break;
        default: text.insert(at, std::string(1, ":,@%()[]\"\\*#=<>.-\n"[random.below(18)]));
      }
    }
    CAPTURE(text);
    try {
      const auto set = rules::parse_rules(text);
      REQUIRE(rules::parse_rules(rules::to_text(set)) == set);
      std::vector<rules::Event> events;
      if (!set.voices.empty()) sequencer_of(set, seed).advance(2.0, events);
    } catch (const Error& error) {
      REQUIRE(error.kind == Error::Kind::invalid_argument);
      ++refused;
    }
  }
  CHECK(refused > 1000);
}

TEST_CASE("structs with numbers out of all bounds are refused or played, and nothing else") {
  Random random(6);
  const double odd[] = {-1e300, -1.0, -0.0, 1e-300, 1e300, INFINITY, -INFINITY, std::nan("")};
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    auto set = rules::RandomRules(seed).set();
    auto& voice = set.voices[random.below(set.voices.size())];
    const double number = odd[random.below(8)];
    switch (random.below(9)) {
      case 0: voice.swing = number; break;
      case 1: voice.shift = number; break;
      case 2: voice.gate = number; break;
      case 3: voice.steps_per_beat = static_cast<int>(random.bits()); break;
      case 4: voice.length = static_cast<int>(random.bits()); break;
      case 5: voice.groove = {number}; break;
      case 6: voice.mode = rules::Follow{voice.name, number, {}, 1.0, rules::Follow::Slice::same, 0.0}; break;
      case 7: set.bpm = number; break;
      default: voice.choice = static_cast<rules::Choice>(random.below(100));
    }
    try {
      std::vector<rules::Event> events;
      auto sequencer = sequencer_of(set, seed);
      sequencer.advance(beats, events);
      check_sound(events);
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::invalid_argument);
    }
  }
}

TEST_CASE("no end, or one far off, is not waited for") {
  auto sequencer = sequencer_of(rules::parse_rules("voice v1 mode euclid:1/16"), 0);
  std::vector<rules::Event> events;
  sequencer.advance(INFINITY, events);
  sequencer.advance(std::nan(""), events);
  sequencer.advance(-1.0, events);
  CHECK(events.empty());
  sequencer.advance(4.0, events);
  CHECK(events.size() == 1);
}
