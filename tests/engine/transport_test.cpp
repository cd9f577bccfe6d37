#include "sfa/engine/transport.hpp"

#include <doctest/doctest.h>

using namespace sfa;
using namespace sfa::engine;

TEST_CASE("what takes so many frames at one tempo takes as many more or fewer at another, and at least one") {
  CHECK(frames_at({1, 1}, 600, {1, 1}) == 600);
  CHECK(frames_at({2, 1}, 600, {1, 1}) == 300);
  CHECK(frames_at({1, 1}, 600, {3, 2}) == 900);
  CHECK(frames_at({3, 1}, 100, {1, 1}) == 33);
  CHECK(frames_at({16, 1}, 1, {1, 1}) == 1);
  CHECK(frames_at({1, 16}, Frames{1} << 60, {1, 1}) == Frames{1} << 57);  // no overflow
}

TEST_CASE("the position goes by the fraction, exactly, for hours") {
  Transport transport;
  transport.set_ratio({7, 5});
  transport.advance(5'000'000'000);
  CHECK(transport.position() == 7'000'000'000);
  transport.advance(4);
  CHECK(transport.position() == 7'000'000'005);  // 5.6
  CHECK(transport.frames_until(7'000'000'007) == 1);
  CHECK(transport.frames_until(7'000'000'008) == 2);
  CHECK(transport.frames_until(7'000'000'005) == 0);
}

TEST_CASE("frames_until is the least number of frames that suffices") {
  for (const TempoRatio ratio : {TempoRatio{1, 1}, {3, 7}, {999983, 1000000}, {16, 1}, {1, 16}}) {
    Transport transport;
    transport.jump(1000);
    transport.advance(3);
    transport.set_ratio(ratio);
    for (const Frames goal : {1004, 1005, 1017, 5000, 123457}) {
      const auto frames = transport.frames_until(goal);
      auto just = transport, before = transport;
      just.advance(frames);
      before.advance(frames - 1);
      CHECK(just.position() >= goal);
      CHECK(before.position() < goal);
    }
  }
}

TEST_CASE("a move keeps what is beyond whole frames") {
  Transport transport;
  transport.set_ratio({3, 2});
  transport.advance(7);  // 10.5
  transport.move(-8);
  CHECK(transport.position() == 2);
  transport.advance(1);
  CHECK(transport.position() == 4);
}

TEST_CASE("a position is told to have been reached earlier or just now") {
  Transport transport;
  CHECK_FALSE(transport.was_at(0));
  transport.advance(10);
  CHECK(transport.was_at(9));
  CHECK_FALSE(transport.was_at(10));
  transport.set_ratio({2, 1});
  transport.advance(1);
  CHECK(transport.was_at(10));
  CHECK_FALSE(transport.was_at(11));
  CHECK_FALSE(transport.was_at(12));
}

TEST_CASE("ratios beyond 1/16 to 16 are not sound") {
  CHECK(sound(TempoRatio{16, 1}));
  CHECK(sound(TempoRatio{1, 16}));
  for (const TempoRatio bad : {TempoRatio{17, 1}, {1, 17}, {0, 1}, {1, 0}, {-1, -1}, {2000000, 2000000}})
    CHECK_FALSE(sound(bad));
}
