#include "sfa/dsp/stream_resampler.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"
#include "sfa/dsp/resample.hpp"

using namespace sfa;

namespace {

AudioBuffer noise(int channels, Frames frames, SampleRate rate) {
  AudioBuffer audio(channels, frames, rate);
  Random random(5);
  for (int c = 0; c < channels; ++c)
    for (auto& sample : audio.channel(c)) sample = static_cast<float>(random.uniform(-1.0, 1.0));
  return audio;
}

/// Gives `audio` in parts of at most `most` frames.
dsp::StreamResampler::Pull source(const AudioBuffer& audio, Frames most) {
  return [&audio, most, at = Frames{0}](Frames frames) mutable {
    AudioBuffer part(audio.view().slice({at, at + std::min(frames, most)}));
    at += part.frames();
    return part;
  };
}

}  // namespace

TEST_CASE("a stream is resampled to the samples of the whole, however it is read and given") {
  for (const auto& [from, to] : {std::pair{44100, 48000}, {48000, 44100}, {8000, 192000}, {96000, 22050}}) {
    const auto audio = noise(2, from / 4, {from});
    const auto whole = dsp::resample(audio, {to});
    for (const Frames given : {Frames{37}, Frames{100000}}) {
      dsp::StreamResampler stream(2, {from}, {to}, source(audio, given));
      Frames at = 0;
      for (auto part = stream.read(1000); part.frames() > 0; part = stream.read(1000)) {
        const auto common = whole.view().slice({at, at + part.frames()});
        for (int c = 0; c < 2; ++c)
          REQUIRE(std::ranges::equal(part.view().slice(common.range()).channel(c), common.channel(c)));
        at += part.frames();
      }
      CHECK(std::abs(at - whole.frames()) <= 1);
    }
  }
}

TEST_CASE("equal rates pass a stream through") {
  const auto audio = noise(3, 500, {44100});
  dsp::StreamResampler stream(3, {44100}, {44100}, source(audio, 1000));
  CHECK(std::ranges::equal(stream.read(500).channel(2), audio.channel(2)));
  CHECK(stream.read(500).frames() == 0);
}

TEST_CASE("a stream without channels or rate is refused") {
  const auto nothing = [](Frames) { return AudioBuffer(); };
  CHECK_THROWS_AS(dsp::StreamResampler(0, {44100}, {48000}, nothing), Error);
  CHECK_THROWS_AS(dsp::StreamResampler(1, {0}, {48000}, nothing), Error);
}
