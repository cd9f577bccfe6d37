#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

/// Channel c, frame i holds 100 c + i.
AudioBuffer numbered(int channels, Frames frames) {
  AudioBuffer audio(channels, frames, {48000});
  for (int c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < audio.channel(c).size(); ++i)
      audio.channel(c)[i] = static_cast<float>(c) * 100.0F + static_cast<float>(i);
  return audio;
}

}  // namespace

TEST_CASE("a new buffer is silent and has the shape that was asked for") {
  const AudioBuffer audio(3, 7, {8000});
  CHECK(audio.channels() == 3);
  CHECK(audio.frames() == 7);
  CHECK(audio.rate() == SampleRate{8000});
  CHECK(peak(audio) == 0.0F);
}

TEST_CASE("a buffer of a negative shape is refused") {
  CHECK_THROWS_AS(AudioBuffer(-1, 1, {8000}), Error);
  CHECK_THROWS_AS(AudioBuffer(1, -1, {8000}), Error);
  CHECK_THROWS_AS(AudioBuffer(1, 1, {0}), Error);
}

TEST_CASE("a slice of a view shows the same frames of every channel") {
  const auto audio = numbered(2, 10);
  const auto part = audio.view().slice({3, 6});
  CHECK(part.frames() == 3);
  CHECK(part.channel(0)[0] == 3.0F);
  CHECK(part.channel(1)[2] == 105.0F);
  CHECK(part.slice({1, 2}).channel(1)[0] == 104.0F);
}

TEST_CASE("a slice beyond the end holds only what exists") {
  const auto audio = numbered(1, 10);
  CHECK(audio.view().slice({8, 99}).frames() == 2);
  CHECK(audio.view().slice({-5, 2}).frames() == 2);
  CHECK(audio.view().slice({50, 60}).frames() == 0);
}

TEST_CASE("a copy of a view owns its samples") {
  auto audio = numbered(2, 4);
  const AudioBuffer copy(audio.view().slice({1, 3}));
  audio.channel(1)[1] = 0.0F;
  CHECK(copy.channel(1)[0] == 101.0F);
  CHECK(copy.frames() == 2);
}

TEST_CASE("mono is the mean of the channels") {
  CHECK(to_mono(numbered(3, 2)) == std::vector<float>{100.0F, 101.0F});
  CHECK(to_mono(numbered(1, 2)) == std::vector<float>{0.0F, 1.0F});
  CHECK(to_mono(AudioBuffer(0, 0, {8000})).empty());
}

TEST_CASE("the mean of the largest samples is finite") {
  constexpr float largest = std::numeric_limits<float>::max();
  AudioBuffer audio(3, 1, {8000});
  for (int c = 0; c < 3; ++c) audio.channel(c)[0] = largest;
  CHECK(to_mono(audio) == std::vector<float>{largest});
}

TEST_CASE("samples that are no number count as an infinite peak and are not finite") {
  auto audio = numbered(2, 4);
  CHECK(peak(audio) == 103.0F);
  CHECK(all_finite(audio));
  audio.channel(1)[2] = std::numeric_limits<float>::quiet_NaN();
  CHECK(std::isinf(peak(audio)));
  CHECK_FALSE(all_finite(audio));
}
