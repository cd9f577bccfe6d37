#include "sfa/slicing/zero_crossing.hpp"

#include <doctest/doctest.h>

#include "signals.hpp"

using namespace sfa;
using namespace sfa::slicing;

TEST_CASE("the rising zero crossings of a sine lie at its periods") {
  const SampleRate rate{48000};
  std::vector<float> samples(4800);
  for (std::size_t i = 0; i < samples.size(); ++i)  // half a frame late, so that no sample is 0
    samples[i] = static_cast<float>(std::sin(2.0 * std::numbers::pi * (static_cast<double>(i) + 0.5) / 100.0));
  const AudioView audio(samples, rate);
  for (const Frames near : {160, 200, 250}) CHECK(snap_to_zero(audio, near, {60, 60}) == 200);
  CHECK(snap_to_zero(audio, 251, {60, 60}) == 300);
  CHECK(snap_to_zero(audio, 299, {.before = 99, .after = 0}) == 200);
  CHECK(snap_to_zero(audio, 250, {10, 10}) == 250);  // none within reach
}

TEST_CASE("what counts is the sum of all channels") {
  const SampleRate rate{48000};
  AudioBuffer audio(2, 1000, rate);
  for (Frames i = 0; i < 1000; ++i) {
    audio.channel(0)[static_cast<std::size_t>(i)] = 0.5F;
    audio.channel(1)[static_cast<std::size_t>(i)] = i < 500 ? -0.75F : 0.25F;
  }
  CHECK(snap_to_zero(audio, 450, {100, 100}) == 500);
  CHECK(rises_through_zero(audio, 500));
  CHECK_FALSE(rises_through_zero(audio, 499));
}

TEST_CASE("in silence every frame will do, and the search stays inside the sound") {
  const AudioBuffer audio(1, 50, SampleRate{8000});
  CHECK(snap_to_zero(audio, 20, {10, 10}) == 20);
  const std::vector<float> high(50, 1.0F);
  CHECK(snap_to_zero(AudioView(high, SampleRate{8000}), 49, {10, 1000}) == 49);
  CHECK(snap_to_zero(AudioView(high, SampleRate{8000}), 5, {1000, 0}) == 0);  // the begin is as good as silence
}
