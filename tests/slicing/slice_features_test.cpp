#include "sfa/slicing/slice_features.hpp"

#include <doctest/doctest.h>

#include "signals.hpp"

using namespace sfa;
using namespace sfa::slicing;

TEST_CASE("a sine has the levels and the centroid of a sine, at any sample rate") {
  for (const int hz : {8000, 44100, 192000}) {
    CAPTURE(hz);
    const auto samples = sine(1000.0, 0.5, SampleRate{hz}, 0.5);
    const auto sound = slice_sound(AudioView(samples, SampleRate{hz}), samples);
    CHECK(sound.features.peak_db == doctest::Approx(-6.02).epsilon(0.01));
    CHECK(sound.features.rms_db == doctest::Approx(-9.03).epsilon(0.01));
    CHECK(sound.features.centroid_hz == doctest::Approx(1000.0).epsilon(0.25));
    CHECK(sound.features.flatness < 0.001);
    CHECK(sound.pitch.frequency_hz == doctest::Approx(1000.0).epsilon(0.01));
  }
}

TEST_CASE("white noise is flat, and its centroid is half the Nyquist frequency") {
  const SampleRate rate{44100};
  const auto samples = noise(1.0, rate);
  const auto sound = slice_sound(AudioView(samples, rate), samples);
  CHECK(sound.features.flatness > 0.9);
  CHECK(sound.features.centroid_hz == doctest::Approx(11025.0).epsilon(0.03));
  CHECK(sound.features.rms_db == doctest::Approx(20.0 * std::log10(0.5 / std::sqrt(3.0))).epsilon(0.01));
  CHECK(sound.bands.top == doctest::Approx(1.0 - 5000.0 / 22050.0).epsilon(0.03));
}

TEST_CASE("the attack lasts to the highest sample, the decay until 20 dB below it") {
  const SampleRate rate{44100};
  AudioBuffer audio(1, 44100, rate);
  mix_in(audio, 2205, decaying(sine(441.0, 0.5, rate), 0.6, rate));  // 20 dB in 0.2 s
  const auto sound = slice_sound(audio, audio.view().channel(0));
  CHECK(sound.features.attack == doctest::Approx(0.05 + 0.25 / 441.0).epsilon(0.01));
  CHECK(sound.decay == doctest::Approx(0.2).epsilon(0.05));
}

TEST_CASE("the levels are those of all channels together") {
  const SampleRate rate{44100};
  AudioBuffer audio(2, 4410, rate);
  for (auto& sample : audio.channel(1)) sample = -0.5F;
  const auto sound = slice_sound(audio, to_mono(audio));
  CHECK(sound.features.peak_db == doctest::Approx(-6.02).epsilon(0.01));
  CHECK(sound.features.rms_db == doctest::Approx(-9.03).epsilon(0.01));
}

TEST_CASE("silence and single frames have finite features") {
  for (const Frames frames : {1, 2, 7, 44100}) {
    const AudioBuffer audio(1, frames, SampleRate{44100});
    const auto sound = slice_sound(audio, audio.view().channel(0));
    CHECK(sound.features.peak_db == -120.0);
    CHECK(sound.features.rms_db == -120.0);
    CHECK(std::isfinite(sound.features.flatness));
    CHECK(std::isfinite(sound.features.centroid_hz));
  }
}
