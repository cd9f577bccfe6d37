#include "sfa/engine/bar_clock.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"
#include "sfa/engine/tap_tempo.hpp"

using namespace sfa;
using engine::BarPosition;

TEST_CASE("at 120 beats a minute and 48 kHz a sixteenth has 6000 frames") {
  const engine::BarClock clock({120, 1}, {4, 4}, {48000});
  CHECK(clock.at(0) == BarPosition{1, 1, 1});
  CHECK(clock.at(5999) == BarPosition{1, 1, 1});
  CHECK(clock.at(6000) == BarPosition{1, 1, 2});
  CHECK(clock.at(24000) == BarPosition{1, 2, 1});
  CHECK(clock.at(96000) == BarPosition{2, 1, 1});
  CHECK(clock.frame({3, 2, 4}) == 2 * 96000 + 24000 + 18000);
  CHECK(clock.nearest_bar(47999) == 0);
  CHECK(clock.nearest_bar(48000) == 96000);
}

TEST_CASE("in 7/8 a beat is an eighth, and a bar has seven") {
  const engine::BarClock clock({90, 1}, {7, 8}, {44100});
  for (int bar = 1; bar < 40; ++bar)
    for (int beat = 1; beat <= 7; ++beat)
      for (int sixteenth = 1; sixteenth <= 2; ++sixteenth) {
        const BarPosition position{bar, beat, sixteenth};
        CHECK(clock.at(clock.frame(position)) == position);
      }
  CHECK_THROWS_AS((void)clock.frame({1, 8, 1}), Error);
  CHECK_THROWS_AS((void)clock.frame({1, 1, 3}), Error);
}

TEST_CASE("positions are read as they are written") {
  CHECK(engine::parse_bar_position("12:3:4") == BarPosition{12, 3, 4});
  CHECK(engine::parse_bar_position("12") == BarPosition{12, 1, 1});
  CHECK(engine::to_text({12, 3, 4}) == "12:3:4");
  for (const char* text : {"", ":", "1:", "0", "-1", "1:2:3:4", "a", "1.5", "99999999999999999999", "1000001", " 1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)engine::parse_bar_position(text), Error);
  }
}

TEST_CASE("eight taps give the tempo, and one late tap hardly moves it") {
  engine::TapTempo steady, shaky;
  CHECK_FALSE(steady.tap({10.0}));
  (void)shaky.tap({10.0});
  std::optional<double> exact, near;
  for (int i = 1; i < 8; ++i) {
    exact = steady.tap({10.0 + 0.5 * i});
    near = shaky.tap({10.0 + 0.5 * i + (i == 4 ? 0.03 : 0.0)});
  }
  CHECK(*exact == doctest::Approx(120.0));
  CHECK(*near == doctest::Approx(120.0).epsilon(0.005));
  for (int i = 0; i < 8; ++i) exact = steady.tap({14.0 + 0.4 * i});
  CHECK(*exact == doctest::Approx(150.0));
  CHECK_FALSE(steady.tap({30.0}));  // anew
}
