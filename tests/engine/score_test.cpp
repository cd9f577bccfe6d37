#include "sfa/engine/score.hpp"

#include <doctest/doctest.h>

#include "material.hpp"
#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

constexpr SampleRate rate{48000};
const std::vector<Frames> lengths{1000, 4000};

Instrument instrument() {
  static Shelf shelf{AudioView()};
  return {.samples = shelf.store, .slice_frames = lengths, .rate = rate};
}

rules::Events pattern(std::vector<rules::Event> events) {
  rules::Events made;
  made.duration = 1.0;
  made.events = std::move(events);
  return made;
}

rules::Event event(double time, int slice = 0, double pitch = 0.0) {
  rules::Event made;
  made.time = time;
  made.slice = slice;
  made.pitch = pitch;
  return made;
}

}  // namespace

TEST_CASE("an event becomes a trigger at the nearest frame") {
  auto odd = event(0.25001, 0, 12.0);
  odd.velocity = 0.5;
  odd.rate = 0.75;
  odd.reverse = true;
  odd.pan = -0.25;
  odd.gate = 0.1;
  const auto score = make_score(pattern({odd}), instrument());
  REQUIRE(score.events.size() == 1);
  const auto& [frame, trigger, cue] = score.events[0];
  CHECK(frame == 12000);
  CHECK(trigger.sample->spec().slice == 0);
  CHECK(trigger.kernel != nullptr);
  CHECK(trigger.gain == 0.5F);
  CHECK(trigger.speed == doctest::Approx(1.5));
  CHECK(trigger.reverse);
  CHECK(trigger.pan == -0.25F);
  CHECK(trigger.gate_frames == 4800);
}

TEST_CASE("what rules do to an event is in its trigger") {
  auto odd = event(0.0, 1);
  odd.velocity = 0.5;
  odd.gain_db = -20.0;
  odd.stretch = 1.5;
  odd.mute_group = 3;
  odd.filter = rules::Filter{.type = rules::Filter::Type::highpass, .cutoff_hz = 2000.0, .q = 2.0};
  odd.voice = "echo";
  auto middle = event(0.5);
  middle.filter = rules::Filter{rules::Filter::Type::bandpass, 800.0, 4.0};
  auto two_voices = pattern({odd, middle, event(0.75)});
  two_voices.voices = {{"drums", "", ""}, {"echo", "", ""}};
  const auto player = instrument();
  const auto score = make_score(two_voices, player);
  const auto& trigger = score.events[0].trigger;
  CHECK(trigger.gain == doctest::Approx(0.05));
  CHECK(trigger.sample->spec() == SampleSpec{1, 1.5});
  CHECK(sounding_frames(trigger, player) == 6000);
  CHECK(trigger.mute_group == 3);
  REQUIRE(trigger.filter);
  CHECK(trigger.filter->kind == dsp::SvfKind::high_pass);
  CHECK(trigger.filter->cutoff_hz == 2000.0);
  CHECK(trigger.filter->q == 2.0);
  CHECK(trigger.lane == 1);
  CHECK(score.events[1].trigger.lane == 0);
  REQUIRE(score.events[1].trigger.filter);
  CHECK(score.events[1].trigger.filter->kind == dsp::SvfKind::band_pass);
  CHECK_FALSE(score.events[2].trigger.filter);
}

TEST_CASE("the score lasts to the pattern's end, or longer where a sound rings on") {
  CHECK(make_score(pattern({event(0.5)}), instrument()).frames == 48000);
  CHECK(make_score(pattern({event(0.99, 1)}), instrument()).frames == 47520 + 4000);
  CHECK(make_score(pattern({event(0.99, 1, -12.0)}), instrument()).frames == 47520 + 7999);
}

TEST_CASE("passes follow one another at the pattern's length and keep the order of time") {
  const auto score = make_score(pattern({event(0.0), event(1.25, 1)}), instrument(), 3);
  REQUIRE(score.events.size() == 6);
  const std::vector<Frames> frames{0, 48000, 60000, 96000, 108000, 156000};
  for (std::size_t i = 0; i < 6; ++i) CHECK(score.events[i].frame == frames[i]);
}

TEST_CASE("an event whose beat is its time is played where the beat is, as a fraction of the tempo") {
  // At 174 bpm a sixteenth is 60 * 48000 / (174 * 4) = 120000/29 frames: the 29th is frame 120000 and no other.
  auto pattern_at_174 = pattern({});
  pattern_at_174.bpm = 174.0;
  for (int i = 0; i < 30; ++i) {
    auto made = event(i * 60.0 / 174.0 / 4.0);
    made.beat = i / 4.0;
    pattern_at_174.events.push_back(made);
  }
  pattern_at_174.duration = 30 * 60.0 / 174.0 / 4.0;
  const auto score = make_score(pattern_at_174, instrument(), 29);
  CHECK(score.events[29].frame == 120000);
  for (std::size_t i = 0; i < score.events.size(); ++i)
    CHECK(score.events[i].frame == (static_cast<Frames>(i) * 120000 * 2 + 29) / (29 * 2));
  // Elsewhere the time is what counts.
  auto contradicting = event(0.5);
  contradicting.beat = 3.0;
  CHECK(make_score(pattern({contradicting}), instrument()).events[0].frame == 24000);
}

TEST_CASE("events that cannot be played are refused by their number") {
  const auto refused = [](const rules::Event& bad) {
    try {
      (void)make_score(pattern({event(0.0), bad}), instrument());
    } catch (const Error& error) {
      return error.kind == Error::Kind::invalid_data && std::string(error.what()).starts_with("events[1]: ");
    }
    return false;
  };
  CHECK(refused(event(0.0, 2)));
  CHECK(refused(event(0.0, -1)));
  CHECK(refused(event(-0.1)));
  CHECK(refused(event(1e300)));
  CHECK(refused(event(0.0, 0, 1000.0)));
  auto still = event(0.0);
  still.rate = 0.0;
  CHECK(refused(still));
  auto stretched_away = event(0.0);
  stretched_away.stretch = 0.0;
  CHECK(refused(stretched_away));
  auto endless = event(0.0);
  endless.gate = 1e18;
  CHECK(refused(endless));
}
