#include "sfa/effects/compressor.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::effects;

namespace {

constexpr SampleRate rate{48000};

/// A square wave has its amplitude as peak in every frame, so that the detector sees a steady level.
AudioBuffer square(double level_db, Frames frames, int channels = 1) {
  AudioBuffer made(channels, frames, rate);
  for (int c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i)
      made.channel(c)[i] = to_gain({level_db}) * (i / 24 % 2 == 0 ? 1.0F : -1.0F);
  return made;
}

double level_db(float sample) { return to_decibels(std::abs(static_cast<double>(sample))).value; }

/// Giannoulis, Massberg and Reiss 2012, equation 4, as it stands there.
double equation_4(double x, double t, double r, double w) {
  if (2 * (x - t) < -w) return x;
  if (2 * std::abs(x - t) <= w) return x + (1 / r - 1) * std::pow(x - t + w / 2, 2) / (2 * w);
  return t + (x - t) / r;
}

}  // namespace

TEST_CASE("a steady level comes out where the static curve says") {
  for (const double knee : {0.5, 6.0, 20.0}) {
    const CompressorOptions options{.threshold_db = -24.0, .ratio = 4.0, .knee_db = knee, .attack_ms = 1.0};
    for (double in = -60.0; in <= 0.0; in += 3.0) {
      CAPTURE(in);
      auto sound = square(in, 4800);
      Compressor(options, rate).process(block_of(sound));
      CHECK(level_db(sound.channel(0)[4799]) == doctest::Approx(equation_4(in, -24.0, 4.0, knee)).epsilon(1e-4));
      CHECK(compressed_level_db(in, options) == doctest::Approx(equation_4(in, -24.0, 4.0, knee)));
    }
  }
}

TEST_CASE("the reduction comes and goes as exponentials of its time constants") {
  // 12 dB over a threshold, at a ratio of 2: 6 dB of reduction, of which 1 - 1/e after the attack's time.
  Compressor compressor({.threshold_db = -20.0, .ratio = 2.0, .knee_db = 0.0, .attack_ms = 10.0, .release_ms = 100.0}, rate);
  auto loud = square(-8.0, 48000);
  compressor.process(block_of(loud).part({0, 480}));
  CHECK(compressor.reduction_db() == doctest::Approx(6.0 * (1.0 - std::exp(-1.0))).epsilon(1e-3));
  compressor.process(block_of(loud).part({480, 48000}));
  CHECK(compressor.reduction_db() == doctest::Approx(6.0));
  auto quiet = square(-60.0, 4800);
  compressor.process(block_of(quiet));
  // Both stages in a row: (10 e^-t/10 - 100 e^-t/100) / (10 - 100) of 6 dB at t = 100 ms, in ms.
  CHECK(compressor.reduction_db() == doctest::Approx(6.0 * (100.0 * std::exp(-1.0) - 10.0 * std::exp(-10.0)) / 90.0).epsilon(1e-2));
}

TEST_CASE("what lies under the knee stays as it is, bit for bit, and make-up is added to all") {
  auto sound = square(-40.0, 1000);
  const AudioBuffer before(sound.view());
  Compressor({.threshold_db = -20.0}, rate).process(block_of(sound));
  CHECK(std::ranges::equal(sound.channel(0), before.channel(0)));
  Compressor({.threshold_db = -20.0, .makeup_db = 6.0}, rate).process(block_of(sound));
  CHECK(level_db(sound.channel(0)[0]) == doctest::Approx(-34.0).epsilon(1e-5));
}

TEST_CASE("all channels get the gain of the loudest") {
  auto sound = square(-40.0, 4800, 2);
  const auto loud = square(-6.0, 4800);
  std::ranges::copy(loud.channel(0), sound.channel(1).begin());
  Compressor({.threshold_db = -26.0, .ratio = 2.0, .knee_db = 0.0, .attack_ms = 1.0}, rate).process(block_of(sound));
  CHECK(level_db(sound.channel(0)[4799]) == doctest::Approx(-50.0).epsilon(1e-4));
  CHECK(level_db(sound.channel(1)[4799]) == doctest::Approx(-16.0).epsilon(1e-4));
}

TEST_CASE("cutting into blocks changes nothing") {
  auto whole = square(-3.0, 3000, 2);
  auto cut = square(-3.0, 3000, 2);
  Compressor a({}, rate), b({}, rate);
  a.process(block_of(whole));
  for (Frames at = 0; at < 3000; at += 7) b.process(block_of(cut).part({at, std::min<Frames>(3000, at + 7)}));
  CHECK(std::ranges::equal(whole.channel(1), cut.channel(1)));
}

TEST_CASE("values outside their ranges are refused") {
  for (const auto& bad : {CompressorOptions{.ratio = 0.5}, CompressorOptions{.threshold_db = 1.0}, CompressorOptions{.knee_db = -1.0},
                          CompressorOptions{.attack_ms = NAN}, CompressorOptions{.makeup_db = 100.0}})
    CHECK_THROWS_AS(Compressor(bad, rate), Error);
}
