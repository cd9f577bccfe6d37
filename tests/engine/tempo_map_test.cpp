#include "sfa/engine/tempo_map.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::engine;

TEST_CASE("a tempo is the nearest fraction with a small denominator") {
  CHECK(tempo_near(120.0) == Tempo{120, 1});
  CHECK(tempo_near(120.5) == Tempo{241, 2});
  CHECK(tempo_near(123.45) == Tempo{2469, 20});
  CHECK(tempo_near(400.0 / 3.0) == Tempo{400, 3});
  CHECK(tempo_near(0.001) == Tempo{1, 1000});
  for (const double bad : {0.0, -1.0, 1e9, static_cast<double>(NAN)}) CHECK_THROWS_AS((void)tempo_near(bad), Error);
}

TEST_CASE("frames of beats are exact however far away they are") {
  // At 174 bpm a sixteenth at 44.1 kHz lasts 110250/29 frames.
  const TempoMap map({174, 1}, SampleRate{44100});
  for (const std::int64_t sixteenth : {0, 1, 29, 1000003, 29 * 4000000}) {
    const auto exact_twice = (sixteenth * 110250 * 2 + 29) / 29;  // round(x) = floor(2 x + 1) / 2
    CHECK(map.frame(sixteenth * ticks_per_beat / 4) == exact_twice / 2);
  }
  CHECK(map.frame(29 * 4'000'000 * (ticks_per_beat / 4)) == 4'000'000LL * 110250);
  // Half a frame goes up: 5512.5.
  CHECK(TempoMap({120, 1}, SampleRate{44100}).frame(ticks_per_beat / 4) == 5513);
}

TEST_CASE("a change of tempo counts from its tick on") {
  TempoMap map({120, 1}, SampleRate{48000});
  map.change(4 * ticks_per_beat, {60, 1});
  map.change(6 * ticks_per_beat, {240, 1});
  CHECK(map.frame(2 * ticks_per_beat) == 48000);
  CHECK(map.frame(4 * ticks_per_beat) == 96000);
  CHECK(map.frame(5 * ticks_per_beat) == 144000);
  CHECK(map.frame(7 * ticks_per_beat) == 204000);
  CHECK(map.frame(-2 * ticks_per_beat) == -48000);
  CHECK(map.tempo_at(4 * ticks_per_beat - 1) == Tempo{120, 1});
  CHECK(map.tempo_at(4 * ticks_per_beat) == Tempo{60, 1});
  CHECK_THROWS_AS(map.change(6 * ticks_per_beat, {100, 1}), Error);
  CHECK_THROWS_AS(map.change(7 * ticks_per_beat, {0, 1}), Error);
}

TEST_CASE("the tick of a frame is the last that is not after it") {
  TempoMap map(tempo_near(133.7), SampleRate{44100});
  map.change(3 * ticks_per_beat + 17, tempo_near(90.1));
  for (const Frames frame : {0LL, 1LL, 5000LL, 59372LL, 59373LL, 1'000'000LL, 44100LL * 36000}) {
    const auto tick = map.tick(frame);
    CHECK(map.frame(tick) <= frame);
    CHECK(map.frame(tick + 1) > frame);
  }
}
