#include "sfa/dsp/sinc.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "dsp/signals.hpp"
#include "dsp/sinc_narrow.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/dsp/resample.hpp"

using namespace sfa;
using dsp::SincKernel;

namespace {

/// Where every `speed`-th frame lies, from `first` on.
struct Places {
  std::vector<std::int32_t> whole;
  std::vector<float> part;
  Places(double first, double speed, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const double at = first + speed * static_cast<double>(i);
      whole.push_back(static_cast<std::int32_t>(at));
      part.push_back(static_cast<float>(at - std::floor(at)));
    }
  }
};

std::vector<float> play(const std::vector<float>& signal, double first, double speed, std::size_t count) {
  const Places places(first, speed, count);
  std::vector<float> out(count);
  SincKernel::for_speed(speed).interpolate(signal.data(), places.whole, places.part, out);
  return out;
}

std::vector<float> tone(double cycles_per_frame, std::size_t frames) {
  std::vector<float> made(frames);
  for (std::size_t i = 0; i < frames; ++i)
    made[i] = static_cast<float>(std::sin(2.0 * std::numbers::pi * cycles_per_frame * static_cast<double>(i)));
  return made;
}

/// Root mean square in decibels below a sine of full scale.
double level_db(const std::vector<double>& signal) {
  double energy = 0.0;
  for (const double sample : signal) energy += sample * sample;
  return 10.0 * std::log10(2.0 * energy / static_cast<double>(signal.size()));
}

constexpr std::size_t count = 4000;

}  // namespace

TEST_CASE("what would alias when played faster is 80 dB down, at every frequency") {
  for (const double speed : {1.01, 1.5, 2.0, 2.9, 4.0, 11.3}) {
    const double highest = 0.5 / speed;  // that can stay
    for (int step = 0; step <= 40; ++step) {
      const double cycles = highest + (0.499 - highest) * step / 40.0;
      const auto out = play(tone(cycles, 8000 + static_cast<std::size_t>(speed * count)), 4000, speed, count);
      CAPTURE(speed);
      CAPTURE(cycles);
      CHECK(level_db({out.begin(), out.end()}) < -80.0);
    }
  }
}

TEST_CASE("what stays is what it was, to 80 dB, up to 0.82 of the highest frequency") {
  for (const double speed : {0.1, 0.3, 0.7071, 0.99, 1.3, 2.0, 3.7, 9.0}) {
    const double highest = 0.5 / std::max(1.0, speed);
    for (int step = 1; step <= 20; ++step) {
      const double cycles = 0.8 * highest / std::exp2(1.0 / 12.0) * step / 20.0;  // kernels go by semitones
      const auto out = play(tone(cycles, 9000 + static_cast<std::size_t>(speed * count)), 4000, speed, count);
      std::vector<double> difference(count);
      for (std::size_t i = 0; i < count; ++i)
        difference[i] = static_cast<double>(out[i]) -
                        std::sin(2.0 * std::numbers::pi * cycles * (4000.0 + speed * static_cast<double>(i)));
      CAPTURE(speed);
      CAPTURE(cycles);
      CHECK(level_db(difference) < -80.0);
    }
  }
}

TEST_CASE("music-like noise comes out as soxr converts it, to 80 dB below it, where both are flat") {
  // Noise without anything above 0.36 cycles a frame: white noise converted to 0.72 of its rate and back.
  const SampleRate rate{48000};
  const auto white = test::noise(40000);
  const auto band = dsp::resample(dsp::resample(AudioView(white, rate), SampleRate{34560}), rate);
  const auto wanted = dsp::resample(band, SampleRate{64000});  // three quarters of the speed
  const std::vector<float> samples(band.channel(0).begin(), band.channel(0).end());
  const auto made = play(samples, 3000, 0.75, 20000);
  std::vector<double> difference(20000), signal(20000);
  for (std::size_t i = 0; i < 20000; ++i) {
    signal[i] = static_cast<double>(wanted.channel(0)[4000 + i]);
    difference[i] = static_cast<double>(made[i]) - signal[i];
  }
  CHECK(level_db(difference) - level_db(signal) < -80.0);
}

TEST_CASE("a constant stays the same constant, and two channels are what each is alone") {
  const std::vector<float> ones(12000, 1.0F);
  for (const double speed : {0.5, 1.7, 64.0})
    for (const float sample : play(ones, 5000, speed, 50)) CHECK(sample == doctest::Approx(1.0).epsilon(1e-6));
  const auto left = test::noise(1000, 1), right = test::noise(1000, 2);
  const Places places(300, 0.7, 500);
  std::vector<float> a(500), b(500);
  SincKernel::for_speed(0.7).interpolate(left.data(), right.data(), places.whole, places.part, a, b);
  CHECK(a == play(left, 300, 0.7, 500));
  CHECK(b == play(right, 300, 0.7, 500));
}

TEST_CASE("machines with wide registers and with narrow ones give the same bits") {
  const auto left = test::noise(9000, 1), right = test::noise(9000, 2);
  for (const double speed : {0.7, 1.5, 8.0}) {
    const Places places(1000, speed, 700);
    std::vector<float> a(700), b(700), c(700), d(700);
    SincKernel::for_speed(speed).interpolate(left.data(), right.data(), places.whole, places.part, a, b);
    narrow_interpolate(speed, left.data(), right.data(), places.whole, places.part, c, d);
    CHECK(a == c);
    CHECK(b == d);
  }
}

TEST_CASE("a kernel serves the speeds of a semitone, and none beyond the fastest") {
  CHECK(&SincKernel::for_speed(0.3) == &SincKernel::for_speed(1.0));
  CHECK(&SincKernel::for_speed(1.99) == &SincKernel::for_speed(2.0));
  CHECK(SincKernel::for_speed(2.0).taps() == 2 * SincKernel::base_taps);
  for (const double bad : {0.0, -1.0, 64.1, static_cast<double>(NAN)}) CHECK_THROWS_AS((void)SincKernel::for_speed(bad), Error);
}
