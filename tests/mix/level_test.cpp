#include "sfa/mix/level.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

using namespace sfa;
using namespace sfa::mix;

TEST_CASE("a stereo sine of 1 kHz at -23 dBFS measures -23 LUFS, as EBU Tech 3341's first case has it") {
  AudioBuffer audio(2, 20 * 48000, {48000});
  for (int c = 0; c < 2; ++c)
    for (std::size_t n = 0; n < audio.channel(c).size(); ++n)
      audio.channel(c)[n] = static_cast<float>(
          std::pow(10.0, -23.0 / 20.0) * std::sin(2.0 * std::numbers::pi * 1000.0 * static_cast<double>(n) / 48000.0));
  LevelMeter meter(2, {48000});
  for (Frames at = 0; at < audio.frames(); at += 10000) meter.add(audio.view().slice({at, at + 10000}));
  CHECK(meter.level().integrated_lufs == doctest::Approx(-23.0).epsilon(0.1 / 23));
  CHECK(meter.level().true_peak_db == doctest::Approx(-23.0).epsilon(0.2 / 23));
}

TEST_CASE("silence has no level, and no gain is asked for it") {
  LevelMeter meter(2, {44100});
  meter.add(AudioBuffer(2, 44100, {44100}));
  CHECK(meter.level().integrated_lufs == -std::numeric_limits<double>::infinity());
  CHECK(meter.level().true_peak_db == -std::numeric_limits<double>::infinity());
  const auto none = correction(meter.level(), {-14.0, -1.0});
  CHECK(none.gain_db == 0.0);
  CHECK(none.binding == Binding::nothing);
}

TEST_CASE("the gain reaches the target, unless the ceiling is in the way") {
  const Level level{-20.0, -5.0};
  CHECK(correction(level, {}).gain_db == 0.0);
  CHECK(correction(level, {}).binding == Binding::nothing);
  CHECK(correction(level, {-23.0, {}}).gain_db == doctest::Approx(-3.0));
  CHECK(correction(level, {-23.0, -1.0}).binding == Binding::target);
  CHECK(correction(level, {-14.0, -1.0}).gain_db == doctest::Approx(4.0));
  CHECK(correction(level, {-14.0, -1.0}).binding == Binding::ceiling);
  CHECK(correction(level, {-14.0, {}}).gain_db == doctest::Approx(6.0));
}

TEST_CASE("a ceiling alone only turns down") {
  CHECK(correction({-20.0, -5.0}, {{}, -1.0}).gain_db == 0.0);
  CHECK(correction({-20.0, -5.0}, {{}, -1.0}).binding == Binding::nothing);
  CHECK(correction({-10.0, 0.5}, {{}, -1.0}).gain_db == doctest::Approx(-1.5));
  CHECK(correction({-10.0, 0.5}, {{}, -1.0}).binding == Binding::ceiling);
}
