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
  CHECK(sound.features.detail->bandwidth_hz == doctest::Approx(22050.0 / std::sqrt(12.0)).epsilon(0.03));
}

TEST_CASE("the attack lasts to the highest sample, the decay until 20 dB below it") {
  const SampleRate rate{44100};
  AudioBuffer audio(1, 44100, rate);
  mix_in(audio, 2205, decaying(sine(441.0, 0.5, rate), 0.6, rate));  // 20 dB in 0.2 s
  const auto sound = slice_sound(audio, audio.view().channel(0));
  CHECK(sound.features.attack == doctest::Approx(0.05 + 0.25 / 441.0).epsilon(0.01));
  CHECK(sound.features.detail->decay == doctest::Approx(0.2).epsilon(0.05));
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

TEST_CASE("the loudness of a sine of full scale at 1 kHz is that of the meter's calibration") {
  const SampleRate rate{48000};  // BS.1770-4, annex 1: a 997 Hz sine at 0 dBFS on one channel reads -3.01 LKFS
  const auto samples = sine(997.0, 1.0, rate, 1.0);
  const auto whole = slice_sound(AudioView(samples, rate), samples);
  CHECK(whole.features.detail->loudness_lufs == doctest::Approx(-3.01).epsilon(0.01));
  const auto half = std::span(samples).first(9600);  // half of the meter's window
  const auto part = slice_sound(AudioView(half, rate), half);
  CHECK(part.features.detail->loudness_lufs == doctest::Approx(-6.02).epsilon(0.02));
}

TEST_CASE("a describer says the same whatever the blocks") {
  const SampleRate rate{44100};
  const auto samples = decaying(noise(1.5, rate), 1.0, rate);
  const auto whole = slice_sound(AudioView(samples, rate), samples);
  for (const std::size_t block : {441UL, 30000UL}) {
    SliceDescriber describer(rate, 1);
    for (std::span<const float> rest(samples); !rest.empty(); rest = rest.subspan(std::min(block, rest.size()))) {
      const auto part = rest.first(std::min(block, rest.size()));
      describer.add(AudioView(part, rate), part);
    }
    const auto same = describer.finish();
    CHECK(same.features.rms_db == doctest::Approx(whole.features.rms_db));
    CHECK(same.features.detail->mfcc == whole.features.detail->mfcc);
    CHECK(same.features.detail->decay == whole.features.detail->decay);
    CHECK(same.features.detail->loudness_lufs == doctest::Approx(whole.features.detail->loudness_lufs));
    CHECK(same.timbre.levels == whole.timbre.levels);
  }
}

TEST_CASE("a sound resembles itself at any level, and another less") {
  const SampleRate rate{44100};
  const auto hit = decaying(noise(0.3, rate), 0.2, rate);
  auto quiet = hit;
  for (float& sample : quiet) sample *= 0.03F;
  const auto a = slice_sound(AudioView(hit, rate), hit).timbre, b = slice_sound(AudioView(quiet, rate), quiet).timbre;
  const auto tone = sine(110.0, 0.3, rate);
  const auto c = slice_sound(AudioView(tone, rate), tone).timbre;
  CHECK(similarity(a, a) == doctest::Approx(1.0));
  CHECK(similarity(a, b) > 0.999);
  CHECK(similarity(a, c) < 0.8);
  CHECK(similarity(a, c) == similarity(c, a));
  CHECK(similarity(a, Timbre{}) == 0.0);
}
