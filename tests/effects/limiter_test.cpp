#include "sfa/effects/limiter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"
#include "sfa/dsp/loudness.hpp"

using namespace sfa;
using namespace sfa::effects;

namespace {

AudioBuffer noise(Frames frames, float gain, SampleRate rate) {
  AudioBuffer made(2, frames, rate);
  Random random(5);
  for (int c = 0; c < 2; ++c)
    for (auto& sample : made.channel(c)) sample = gain * static_cast<float>(random.uniform(-1.0, 1.0));
  return made;
}

AudioBuffer tone(double cycles_per_frame, double phase, Frames frames, float gain, SampleRate rate) {
  AudioBuffer made(2, frames, rate);
  for (int c = 0; c < 2; ++c)
    for (Frames i = 0; i < frames; ++i)
      made.channel(c)[static_cast<std::size_t>(i)] =
          gain * static_cast<float>(std::sin(2.0 * std::numbers::pi * (cycles_per_frame * static_cast<double>(i) + phase)));
  return made;
}

/// As libebur128 measures it, independently of our estimate.
double true_peak_db(const AudioBuffer& audio) {
  dsp::LoudnessMeter meter(audio.rate(), audio.channels(), {.true_peak = true});
  meter.add(audio);
  return meter.true_peak_db();
}

}  // namespace

TEST_CASE("the true peak stays under the ceiling, by another's measure") {
  for (const int hz : {44100, 48000, 96000}) {
    const SampleRate rate{hz};
    std::vector<AudioBuffer> sounds{noise(20000, 1.0F, rate), noise(20000, 8.0F, rate)};
    for (const double cycles : {0.001, 0.05, 0.1, 0.2, 0.23, 0.25, 0.27, 0.3, 1.0 / 3.0, 0.37, 0.4, 0.42, 0.44})
      for (const double phase : {0.0, 0.125, 0.2}) sounds.push_back(tone(cycles, phase, 8000, 3.0F, rate));
    auto bursts = noise(20000, 0.3F, rate);
    for (std::size_t at = 500; at < 20000; at += 1777) bursts.channel(0)[at] = 10.0F;
    sounds.push_back(std::move(bursts));
    for (const double ceiling : {-1.0, -6.0}) {
      for (std::size_t i = 0; i < sounds.size(); ++i) {
        CAPTURE(hz);
        CAPTURE(i);
        AudioBuffer limited(sounds[i].view());
        Limiter limiter({.ceiling_db = ceiling}, rate, 2);
        limiter.process(block_of(limited));
        CHECK(true_peak_db(limited) <= ceiling);
        CHECK(limiter.take_lowest_gain() < 1.0F);
      }
    }
  }
}

TEST_CASE("what is under the ceiling comes out as it went in, later by the latency") {
  const auto sound = noise(5000, 0.3F, SampleRate{48000});
  AudioBuffer made(sound.view());
  Limiter limiter({}, SampleRate{48000}, 2);
  limiter.process(block_of(made));
  const auto latency = limiter.latency_frames();
  CHECK(latency == 95);  // 72 of look-ahead less one, and the interpolator's 12 before and after
  for (int c = 0; c < 2; ++c) {
    CHECK(peak(made.view().slice({0, latency})) == 0.0F);
    CHECK(std::ranges::equal(made.channel(c).subspan(static_cast<std::size_t>(latency)),
                             sound.channel(c).first(static_cast<std::size_t>(5000 - latency))));
  }
  CHECK(limiter.take_lowest_gain() == 1.0F);
}

TEST_CASE("the gain falls and rises without steps, and after the release it is 1 again, exactly") {
  AudioBuffer sound(1, 100000, SampleRate{48000});
  std::ranges::fill(sound.channel(0), 0.5F);
  for (std::size_t i = 1000; i < 1010; ++i) sound.channel(0)[i] = 4.0F;
  Limiter limiter({.release_ms = 50.0}, SampleRate{48000}, 1);
  limiter.process(block_of(sound));
  const auto made = sound.channel(0);
  float fall = 0.0F;
  for (std::size_t i = 100; i < made.size(); ++i)
    if (made[i] < 0.51F && made[i - 1] < 0.51F) fall = std::max(fall, std::abs(made[i] - made[i - 1]));
  CHECK(fall < 0.5F / 70.0F);  // the whole way down over the look-ahead of 72 frames
  CHECK(made[99999] == 0.5F);
  // 50 ms after the peak 1/e of the reduction is left: the gain was about ceiling / peak.
  const double lowest = static_cast<double>(to_gain({-1.15})) / 4.1;
  CHECK(static_cast<double>(made[1010 + 95 + 24 + 2400]) / 0.5 == doctest::Approx(1.0 - (1.0 - lowest) * std::exp(-1.0)).epsilon(0.03));
}

TEST_CASE("cutting into blocks changes nothing") {
  auto whole = noise(5000, 3.0F, SampleRate{48000});
  auto cut = noise(5000, 3.0F, SampleRate{48000});
  Limiter a({}, SampleRate{48000}, 2), b({}, SampleRate{48000}, 2);
  a.process(block_of(whole));
  for (Frames at = 0; at < 5000; at += 77) b.process(block_of(cut).part({at, std::min<Frames>(5000, at + 77)}));
  CHECK(std::ranges::equal(whole.channel(1), cut.channel(1)));
}

TEST_CASE("values outside their ranges are refused") {
  for (const auto& bad : {LimiterOptions{.ceiling_db = 1.0}, LimiterOptions{.lookahead_ms = 0.0}, LimiterOptions{.release_ms = NAN}})
    CHECK_THROWS_AS(Limiter(bad, SampleRate{48000}, 2), Error);
  CHECK_THROWS_AS(Limiter({}, SampleRate{48000}, 0), Error);
}
