#include "sfa/separation/stem_meter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "sfa/audio/error.hpp"

using namespace sfa;
using sfa::separation::StemMeter;

TEST_CASE("a sine at full scale in one channel has the loudness that BS.1770 states, -3.01 LKFS") {
  AudioBuffer sine(1, 48000 * 3, SampleRate{48000});
  for (std::size_t i = 0; i < sine.channel(0).size(); ++i)
    sine.channel(0)[i] = static_cast<float>(std::sin(2.0 * std::numbers::pi * 997.0 * static_cast<double>(i) / 48000.0));
  StemMeter meter(SampleRate{48000}, 1);
  for (Frames at = 0; at < sine.frames(); at += 1000) meter.add(sine.view().slice({at, at + 1000}));
  CHECK(meter.loudness_lufs() == doctest::Approx(-3.01).epsilon(0.003));
  CHECK(std::abs(meter.peak_db()) < 0.001);
}

TEST_CASE("silence is infinitely soft, and so is a sound shorter than a block of the meter") {
  StemMeter meter(SampleRate{44100}, 2);
  CHECK(meter.peak_db() == -INFINITY);
  CHECK(meter.loudness_lufs() == -INFINITY);
  meter.add(AudioBuffer(2, 44100, SampleRate{44100}));
  CHECK(meter.peak_db() == -INFINITY);
  CHECK(meter.loudness_lufs() == -INFINITY);
}

TEST_CASE("audio of another shape and impossible shapes are refused") {
  StemMeter meter(SampleRate{44100}, 2);
  CHECK_THROWS_AS(meter.add(AudioBuffer(1, 10, SampleRate{44100})), Error);
  CHECK_THROWS_AS(meter.add(AudioBuffer(2, 10, SampleRate{48000})), Error);
  CHECK_THROWS_AS(StemMeter(SampleRate{44100}, 0), Error);
}
