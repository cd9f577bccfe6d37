// What a network is given of a sound: channels, level, rate.
#include "sfa/separation/network_input.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"
#include "sfa/separation/telling_stretch.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

AudioBuffer numbered(int channels, Frames frames = 3) {
  AudioBuffer audio(channels, frames, {44100});
  for (int c = 0; c < channels; ++c) std::ranges::fill(audio.channel(c), static_cast<float>(c + 1));
  return audio;
}

std::function<BlockSource()> reader_of(const AudioBuffer& audio) {
  return [&audio] {
    return [&audio, at = Frames{0}](Frames frames) mutable {
      AudioBuffer block(audio.view().slice({at, at + frames}));
      at += block.frames();
      return block;
    };
  };
}

}  // namespace

TEST_CASE("channels go in pairs, a last odd one and mono as two equal ones") {
  CHECK(channel_groups(1, 2).size() == 1);
  CHECK(channel_groups(2, 2).size() == 1);
  const auto groups = channel_groups(5, 2);
  REQUIRE(groups.size() == 3);
  CHECK(groups[1].first == 2);
  CHECK(groups[1].count == 2);
  CHECK(groups[2].first == 4);
  CHECK(groups[2].count == 1);
  const auto given = for_network(numbered(5), groups[2], 2);
  CHECK(given.channel(0)[0] == 5.0F);
  CHECK(given.channel(1)[0] == 5.0F);
  CHECK(for_network(numbered(5), groups[1], 2).channel(1)[0] == 4.0F);
  CHECK(channel_groups(3, 1).size() == 3);
  CHECK_THROWS_AS((void)channel_groups(0, 2), Error);
}

TEST_CASE("a mono sound's stem is the mean of what the network made of its two channels") {
  auto sound = numbered(5);
  from_network(numbered(2), {4, 1}, sound);
  CHECK(sound.channel(4)[0] == doctest::Approx(1.5));
  from_network(numbered(2), {0, 2}, sound);
  CHECK(sound.channel(0)[0] == 1.0F);
  CHECK(sound.channel(1)[0] == 2.0F);
  CHECK(sound.channel(2)[0] == 3.0F);  // of another group
}

TEST_CASE("the level norm is mean and sample deviation of the mono sound") {
  // 1 2 3 4 and 3 2 1 4: mono 2 2 2 4, mean 2.5, sum of squares 3, deviation 1.
  AudioBuffer audio(2, 4, {44100});
  std::ranges::copy(std::vector{1.0F, 2.0F, 3.0F, 4.0F}, audio.channel(0).begin());
  std::ranges::copy(std::vector{3.0F, 2.0F, 1.0F, 4.0F}, audio.channel(1).begin());
  LevelNormMeter meter;
  meter.add(audio.view().slice({0, 1}));
  meter.add(audio.view().slice({1, 4}));
  CHECK(meter.norm().mean == doctest::Approx(2.5));
  CHECK(meter.norm().deviation == doctest::Approx(1.0 + 1e-8));
  auto samples = std::vector{0.5F, -3.0F};
  const LevelNorm norm{0.25, 2.0};
  norm.apply(samples);
  CHECK(samples == std::vector{0.125F, -1.625F});
  norm.undo(samples);
  CHECK(samples == std::vector{0.5F, -3.0F});
  CHECK(LevelNormMeter().norm().deviation == doctest::Approx(1e-8));  // silence, one frame, nothing
}

TEST_CASE("a network hears the sound at its own rate, at a mean of 0 and a deviation of 1, again and again") {
  Random random(1);
  AudioBuffer audio(3, 48000, {48000});
  for (int c = 0; c < 3; ++c) {
    // Below 1 kHz, so that a change of the rate keeps all of it.
    float low = 0.0F;
    for (float& x : audio.channel(c)) x = (low += 0.05F * (static_cast<float>(random.below(2001)) / 1000.0F - 1.0F - low)) + 0.3F;
  }
  const auto open = reader_of(audio);
  const NetworkInput input(3, {48000}, {"HTDemucs", {"a"}, {44100}, 2}, open(), open);
  CHECK(input.sound_frames() == 48000);
  CHECK(std::abs(input.frames() - 44100) <= 1);
  REQUIRE(input.groups().size() == 2);
  for (int time = 0; time < 2; ++time) {
    for (std::size_t group = 0; group < 2; ++group) {
      const auto source = input.open(group);
      LevelNormMeter meter;
      Frames frames = 0;
      for (auto block = source(1000); block.frames() > 0; block = source(1000)) {
        CHECK(block.channels() == 2);
        meter.add(block);
        frames += block.frames();
      }
      CHECK(frames == input.frames());
      CHECK(std::abs(meter.norm().mean) < 1e-4);
      CHECK(meter.norm().deviation == doctest::Approx(1.0).epsilon(1e-4));
    }
  }
}

TEST_CASE("the telling stretch is the loudest, the first of equal ones, and never longer than the sound") {
  constexpr SampleRate rate{100};
  AudioBuffer audio(1, 1050, rate);
  std::ranges::fill(audio.channel(0).subspan(300, 200), 0.5F);
  std::ranges::fill(audio.channel(0).subspan(700, 200), 0.5F);
  std::ranges::fill(audio.channel(0).subspan(950, 100), 0.4F);
  TellingStretch stretch(rate);
  for (Frames at = 0; at < 1050; at += 37) stretch.add(audio.view().slice({at, at + 37}));
  CHECK(stretch.choose(200) == FrameRange{300, 500});
  CHECK(stretch.choose(600) == FrameRange{300, 900});
  CHECK(stretch.choose(1050) == FrameRange{0, 1050});
  CHECK(stretch.choose(99999) == FrameRange{0, 1050});
  CHECK(stretch.choose(1000).size() == 1000);
  CHECK(TellingStretch(rate).choose(100) == FrameRange{0, 0});
}
