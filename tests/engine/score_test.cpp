#include "sfa/engine/score.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

const std::vector<SliceFrames> slices{{{0, 1000}, 5, 7}, {{1000, 5000}, 0, 0}};
constexpr SampleRate rate{48000};

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
  const auto score = make_score(pattern({odd}), slices, rate);
  REQUIRE(score.events.size() == 1);
  const auto& [frame, trigger] = score.events[0];
  CHECK(frame == 12000);
  CHECK(trigger.slice == FrameRange{0, 1000});
  CHECK(trigger.fade_in_frames == 5);
  CHECK(trigger.fade_out_frames == 7);
  CHECK(trigger.gain == 0.5F);
  CHECK(trigger.speed == doctest::Approx(1.5));
  CHECK(trigger.reverse);
  CHECK(trigger.pan == -0.25F);
  CHECK(trigger.gate_frames == 4800);
}

TEST_CASE("the score lasts to the pattern's end, or longer where a sound rings on") {
  CHECK(make_score(pattern({event(0.5)}), slices, rate).frames == 48000);
  CHECK(make_score(pattern({event(0.99, 1)}), slices, rate).frames == 47520 + 4000);
  CHECK(make_score(pattern({event(0.99, 1, -12.0)}), slices, rate).frames == 47520 + 7999);
}

TEST_CASE("passes follow one another at the pattern's length and keep the order of time") {
  const auto score = make_score(pattern({event(0.0), event(1.25, 1)}), slices, rate, 3);
  REQUIRE(score.events.size() == 6);
  const std::vector<Frames> frames{0, 48000, 60000, 96000, 108000, 156000};
  for (std::size_t i = 0; i < 6; ++i) CHECK(score.events[i].frame == frames[i]);
}

TEST_CASE("events that cannot be played are refused by their number") {
  const auto refused = [](const rules::Event& bad) {
    try {
      (void)make_score(pattern({event(0.0), bad}), slices, rate);
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
  auto endless = event(0.0);
  endless.gate = 1e18;
  CHECK(refused(endless));
}
