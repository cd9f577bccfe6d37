#include "sfa/audio/interleave.hpp"

#include <doctest/doctest.h>

using namespace sfa;

namespace {

AudioBuffer counted(int channels, Frames frames) {
  AudioBuffer audio(channels, frames, {44100});
  float next = 0.0F;
  for (Frames i = 0; i < frames; ++i)
    for (int c = 0; c < channels; ++c) audio.channel(c)[static_cast<std::size_t>(i)] = next++;
  return audio;
}

}  // namespace

TEST_CASE("interleaved samples go frame after frame, those of a range too") {
  const auto audio = counted(3, 4);
  std::vector<float> samples(99);
  interleave(audio, samples);
  CHECK(samples == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  interleave(audio.view().slice({1, 3}), samples);
  CHECK(samples == std::vector<float>{3, 4, 5, 6, 7, 8});
  interleave(AudioBuffer(), samples);
  CHECK(samples.empty());
}

TEST_CASE("blocks of interleaved samples are the whole, one after another") {
  const auto audio = counted(2, 10000);
  std::vector<float> whole, joined;
  interleave(audio, whole);
  for_each_interleaved_block(audio, [&](auto samples) { joined.insert(joined.end(), samples.begin(), samples.end()); });
  CHECK(joined == whole);
}
