#include "sfa/training/resampled.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sfa/dsp/resample.hpp"
#include "toy_songs.hpp"

using namespace sfa;
using namespace sfa::training;

namespace {

AudioBuffer noise(Frames frames, SampleRate rate) {
  Random random(1);
  AudioBuffer sound(2, frames, rate);
  for (int c = 0; c < 2; ++c)
    for (auto& sample : sound.channel(c)) sample = static_cast<float>(random.uniform(-0.5, 0.5));
  return sound;
}

double furthest(const AudioView& a, const AudioView& b) {
  double most = 0.0;
  for (int c = 0; c < 2; ++c)
    for (std::size_t n = 0; n < static_cast<std::size_t>(a.frames()); ++n)
      most = std::max(most, std::abs(double{a.channel(c)[n]} - b.channel(c)[n]));
  return most;
}

}  // namespace

TEST_CASE("a stretch is what the whole sound, resampled, has there") {
  constexpr SampleRate to{44100};
  for (const int hz : {48000, 96000, 32000, 22050, 8000, 44101}) {
    CAPTURE(hz);
    const SampleRate from{hz};
    const auto sound = noise(hz, from);
    const auto whole = dsp::resample(sound.view(), to);
    const auto reader = resampled(toy::reader_of(sound), from, sound.frames(), to);
    REQUIRE(resampled_frames(sound.frames(), from, to) == whole.frames());
    for (const FrameRange range : {FrameRange{0, 1000}, {1, 50}, {12345, 23456}, {43000, 44100}, {0, 44100}}) {
      const auto stretch = reader(range);
      REQUIRE(stretch.frames() == range.size());
      CHECK(stretch.rate() == to);
      CHECK(furthest(stretch.view(), whole.view().slice(range)) < 1e-6);
    }
    CHECK(reader({44000, 50000}).frames() == 100);
    CHECK(reader({44100, 50000}).frames() == 0);
    CHECK(reader({44100, 50000}).channels() == 2);
  }
}

TEST_CASE("at its own rate a sound is read as it is") {
  const auto sound = noise(1000, {44100});
  const auto stretch = resampled(toy::reader_of(sound), {44100}, 1000, {44100})({100, 200});
  CHECK(furthest(stretch.view(), sound.view().slice({100, 200})) == 0.0);
}
