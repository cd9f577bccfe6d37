#include "sfa/mix/dither.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "sounds_in_memory.hpp"

using namespace sfa;
using namespace sfa::mix;
using sfa::test::constant;
using sfa::test::noise;

namespace {

constexpr Frames second = 1 << 16;

AudioBuffer dithered(AudioBuffer audio, int bits, std::uint64_t seed = 0) {
  Dither(bits, audio.channels(), seed).apply(audio);
  return audio;
}

struct Moments {
  double mean = 0.0, variance = 0.0;
};

/// Of the error, in steps of 16 bits.
Moments error_of(const AudioBuffer& before, const AudioBuffer& after) {
  double sum = 0.0, squares = 0.0;
  for (std::size_t n = 0; n < before.channel(0).size(); ++n) {
    const double error = 32768.0 * (static_cast<double>(after.channel(0)[n]) - before.channel(0)[n]);
    sum += error;
    squares += error * error;
  }
  const auto count = static_cast<double>(before.frames());
  return {sum / count, squares / count - (sum / count) * (sum / count)};
}

AudioBuffer sine(double amplitude, int cycles) {
  AudioBuffer audio(1, second, {44100});
  for (Frames n = 0; n < second; ++n)
    audio.channel(0)[static_cast<std::size_t>(n)] = static_cast<float>(
        amplitude * std::sin(2.0 * std::numbers::pi * cycles * static_cast<double>(n) / static_cast<double>(second)));
  return audio;
}

/// Amplitude of a whole number of cycles.
double amplitude_at(const AudioBuffer& audio, int cycles) {
  double re = 0.0, im = 0.0;
  for (Frames n = 0; n < second; ++n) {
    const double turn = 2.0 * std::numbers::pi * cycles * static_cast<double>(n) / static_cast<double>(second);
    re += audio.channel(0)[static_cast<std::size_t>(n)] * std::cos(turn);
    im += audio.channel(0)[static_cast<std::size_t>(n)] * std::sin(turn);
  }
  return 2.0 * std::hypot(re, im) / static_cast<double>(second);
}

}  // namespace

// Lipshitz, Wannamaker and Vanderkooy 1992: the total error's first two moments do not depend on the input.
TEST_CASE("the error has mean 0 and variance a quarter step squared, whatever the signal") {
  for (const float value : {0.25F / 32768, 0.5F / 32768, 100.3F / 32768, -7.9F / 32768}) {
    const auto before = constant(1, second, value);
    const auto error = error_of(before, dithered(before, 16));
    CHECK(std::abs(error.mean) < 0.01);
    CHECK(error.variance == doctest::Approx(0.25).epsilon(0.03));
  }
  const auto before = noise(1, second, 3);
  const auto error = error_of(before, dithered(before, 16));
  CHECK(std::abs(error.mean) < 0.01);
  CHECK(error.variance == doctest::Approx(0.25).epsilon(0.03));
}

TEST_CASE("a sine of less than a step survives, and has no harmonics") {
  const double step = 1.0 / 32768.0;
  const int cycles = 1001;
  auto rounded = sine(0.9 * step, cycles);
  const auto out = dithered(rounded, 16);
  for (auto& sample : rounded.channel(0)) sample = static_cast<float>(std::nearbyint(sample * 32768.0) * step);
  CHECK(amplitude_at(out, cycles) == doctest::Approx(0.9 * step).epsilon(0.03));
  // The noise of variance 1/4 step^2 has a bin's amplitude of 0.5 * sqrt(4 / N) = 0.004 steps.
  const double floor = 5 * 0.004 * step;
  CHECK(amplitude_at(rounded, 3 * cycles) > 3 * floor);  // what rounding alone does
  for (int harmonic = 2; harmonic <= 9; ++harmonic) CHECK(amplitude_at(out, harmonic * cycles) < floor);
}

TEST_CASE("every sample lies on the grid and within full scale") {
  for (const int bits : {16, 24}) {
    auto loud = noise(2, 5000, 8);
    for (int c = 0; c < 2; ++c)
      for (auto& sample : loud.channel(c)) sample *= 2.2F;
    const auto out = dithered(loud, bits);
    const double scale = std::ldexp(1.0, bits - 1);
    for (const float sample : out.channel(1)) {
      const double step = static_cast<double>(sample) * scale;
      REQUIRE(step == std::nearbyint(step));
      REQUIRE(step >= -scale);
      REQUIRE(step <= scale - 1.0);
    }
  }
}

TEST_CASE("the seed decides the noise, the block size does not") {
  const auto audio = noise(2, 3000, 4);
  const auto reference = dithered(audio, 16, 7);
  CHECK(std::ranges::equal(dithered(audio, 16, 7).channel(1), reference.channel(1)));
  CHECK_FALSE(std::ranges::equal(dithered(audio, 16, 8).channel(1), reference.channel(1)));
  CHECK_FALSE(std::ranges::equal(dithered(constant(2, 3000, 0.1F), 16).channel(0),
                                 dithered(constant(2, 3000, 0.1F), 16).channel(1)));
  Dither dither(16, 2, 7);
  for (Frames at = 0; at < 3000; at += 300) {
    AudioBuffer block(audio.view().slice({at, at + 300}));
    dither.apply(block);
    REQUIRE(std::ranges::equal(block.channel(0), reference.view().slice({at, at + 300}).channel(0)));
  }
}

TEST_CASE("digital silence stays silent before the music and some time after it") {
  AudioBuffer audio(2, 20000, {44100});
  audio.channel(1)[5000] = 0.5F;
  const auto out = dithered(audio, 16);
  const auto silent = [&](FrameRange range) {
    return peak(out.view().slice(range)) == 0.0F;
  };
  CHECK(silent({0, 5000}));
  CHECK_FALSE(silent({5001, 5001 + Dither::hold_frames}));
  CHECK(silent({5001 + Dither::hold_frames, 20000}));
}

TEST_CASE("dither is for 8 to 24 bits") {
  CHECK_THROWS_AS(Dither(7, 1, 0), Error);
  CHECK_THROWS_AS(Dither(32, 1, 0), Error);
  CHECK_THROWS_AS(Dither(16, 0, 0), Error);
}
