// Separating while the sound goes on: what is late, what adds up, and what the network is given.
#include "sfa/separation/live_separator.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"
#include "sfa/separation/band_transform.hpp"
#include "sfa/separation/network.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

AudioBuffer noise(int channels, Frames frames, SampleRate rate, std::uint64_t seed = 1) {
  AudioBuffer audio(channels, frames, rate);
  Random random(seed);
  for (int c = 0; c < channels; ++c)
    for (float& x : audio.channel(c)) x = static_cast<float>(random.uniform(-0.3, 0.3));
  return audio;
}

AudioBuffer sine(double hz, Frames frames, SampleRate rate) {
  AudioBuffer audio(2, frames, rate);
  for (int c = 0; c < 2; ++c)
    for (Frames i = 0; i < frames; ++i)
      audio.channel(c)[static_cast<std::size_t>(i)] =
          static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate.hz));
  return audio;
}

double largest_difference(const AudioView& a, const AudioView& b) {
  double largest = 0.0;
  for (int c = 0; c < a.channels(); ++c)
    for (std::size_t i = 0; i < a.channel(c).size(); ++i)
      largest = std::max(largest, std::abs(static_cast<double>(a.channel(c)[i]) - b.channel(c)[i]));
  return largest;
}

}  // namespace

TEST_CASE("a transform made for another rate keeps its hops as long and its bins as wide") {
  const BandTransformOptions options{4096, 1024, 256, true};
  CHECK(at_rate(options, {44100}, {44100}).size_frames == 4096);
  CHECK(at_rate(options, {44100}, {88200}).hop_frames == 2048);
  for (const int hz : {1000, 8000, 11025, 22050, 32000, 48000, 96000, 192000, 768000}) {
    CAPTURE(hz);
    const auto scaled = at_rate(options, {44100}, {hz});
    CHECK(scaled.size_frames == 4 * scaled.hop_frames);
    CHECK(std::abs(scaled.hop_frames - 1024.0 * hz / 44100.0) <= 0.5);
    const double width = static_cast<double>(hz) / scaled.size_frames, own = 44100.0 / 4096.0;
    if (hz >= 22050) CHECK(std::abs(width / own - 1.0) < 1e-3);
  }
}

TEST_CASE("the features of a sound are the same at every rate that has its frequencies") {
  const BandTransformOptions options{4096, 1024, 64, true};
  std::vector<std::vector<float>> seen;
  for (const int hz : {44100, 48000, 96000, 32000}) {
    BandTransform transform(options, {44100}, {hz});
    const auto size = static_cast<std::size_t>(transform.options().size_frames);
    const auto sound = sine(1000.0, static_cast<Frames>(size), {hz});
    MidSide frame;
    BandSums sums;
    seen.emplace_back(static_cast<std::size_t>(64 * BandTransform::features));
    transform.analyze(sound.channel(0), sound.channel(1), frame);
    transform.sum_bands(frame, sums);
    transform.describe(sums, seen.back());
  }
  const auto& own = seen.front();
  const auto band = static_cast<std::size_t>(std::ranges::max_element(own) - own.begin());  // the level of its mid
  for (const auto& other : seen) {
    CHECK(static_cast<std::size_t>(std::ranges::max_element(other) - other.begin()) == band);
    CHECK(other[band] == doctest::Approx(own[band]).epsilon(0.002));
  }
}

TEST_CASE("any masks of one bring back the sound at every rate, whatever bins it has") {
  for (const int hz : {1000, 8000, 22050, 44100, 48000, 96000}) {
    CAPTURE(hz);
    BandTransform transform({1024, 256, 64, true}, {44100}, {hz});
    const auto size = static_cast<std::size_t>(transform.options().size_frames);
    const auto hop = static_cast<std::size_t>(transform.options().hop_frames);
    const auto sound = noise(2, static_cast<Frames>(size + 7 * hop), {hz});
    AudioBuffer made(2, sound.frames(), {hz});
    const Bins ones(2 * 64, {1.0F, 0.0F});
    MidSide frame, masked;
    for (std::size_t at = 0; at + size <= static_cast<std::size_t>(sound.frames()); at += hop) {
      transform.analyze(sound.channel(0).subspan(at, size), sound.channel(1).subspan(at, size), frame);
      transform.mask(frame, ones, masked);
      transform.synthesize(masked, made.channel(0).subspan(at, size), made.channel(1).subspan(at, size));
    }
    // Where all that covers it has been added.
    const FrameRange whole{static_cast<Frames>(size - hop), static_cast<Frames>(size + 6 * hop)};
    CHECK(largest_difference(sound.view().slice(whole), made.view().slice(whole)) < 1e-5);
  }
}

#if SFA_BUILT_WITH_TORCH
namespace {

using Stems = std::vector<AudioBuffer>;

Frames frames_of(const Stems& stems) { return stems.front().frames(); }

AudioBuffer sum(const Stems& stems) {
  AudioBuffer all(stems.front().channels(), frames_of(stems), stems.front().rate());
  for (const auto& stem : stems)
    for (int c = 0; c < all.channels(); ++c)
      std::ranges::transform(all.channel(c), stem.channel(c), all.channel(c).begin(), std::plus());
  return all;
}

bool same_shape(const AudioView& a, const AudioView& b) {
  return a.channels() == b.channels() && a.frames() == b.frames() && a.rate() == b.rate();
}

bool same_bits(const Stems& a, const Stems& b) {
  for (std::size_t s = 0; s < a.size(); ++s)
    for (int c = 0; c < a[s].channels(); ++c)
      if (!std::ranges::equal(a[s].channel(c), b[s].channel(c))) return false;
  return a.size() == b.size();
}

Checkpoint network(bool causal = true, bool complex_masks = false) {
  const auto number = [](std::int64_t value) { return Value{value}; };
  const ValueList channels{number(4), number(6), number(8)};
  const ValueList sources{{std::string("drums")}, {std::string("bass")}, {std::string("other")}, {std::string("vocals")}};
  return untrained_checkpoint("BandUNet",
                              {{"sources", {sources}}, {"nfft", number(512)}, {"hop", number(128)}, {"bands", number(32)},
                               {"channels", {channels}}, {"blocks", number(7)}, {"mix", number(8)}, {"causal", {causal}},
                               {"complex_masks", {complex_masks}}},
                              7);
}

Stems separated(const Checkpoint& checkpoint, const AudioView& sound, Frames block) {
  const auto separator = make_live_separator(checkpoint, {sound.rate(), sound.channels()});
  Stems stems(separator->info().sources.size(), AudioBuffer(sound.channels(), sound.frames(), sound.rate()));
  Frames at = 0;
  const auto take = [&](const Stems& more) {
    for (std::size_t s = 0; s < stems.size(); ++s)
      for (int c = 0; c < sound.channels(); ++c) std::ranges::copy(more[s].channel(c), stems[s].channel(c).begin() + at);
    at += frames_of(more);
  };
  for (Frames begin = 0; begin < sound.frames(); begin += block) take(separator->push(sound.slice({begin, begin + block})));
  take(separator->finish());
  CHECK(at == sound.frames());
  return stems;
}

}  // namespace

TEST_CASE("live stems add up to the sound, sample for sample, at any rate, length and number of channels") {
  const auto checkpoint = network();
  for (const bool complex : {false, true})
    for (const Frames frames : {0, 1, 127, 128, 129, 255, 256, 5000}) {
      CAPTURE(frames);
      const auto sound = noise(2, frames, {44100});
      const auto stems = separated(network(true, complex), sound, 1000);
      REQUIRE(same_shape(sum(stems), sound));
      CHECK(largest_difference(sum(stems), sound) < 1e-5);
    }
  for (const int hz : {8000, 22050, 48000, 96000})
    for (const int channels : {1, 2, 3}) {
      CAPTURE(hz);
      CAPTURE(channels);
      const auto sound = noise(channels, 4000, {hz});
      const auto stems = separated(checkpoint, sound, 1000);
      REQUIRE(same_shape(sum(stems), sound));
      CHECK(largest_difference(sum(stems), sound) < 1e-5);
    }
}

TEST_CASE("live stems are the same bits whatever the blocks") {
  const auto checkpoint = network();
  const auto sound = noise(2, 3001, {44100});
  const auto whole = separated(checkpoint, sound, sound.frames());
  for (const Frames block : {1, 100, 128, 333}) CHECK(same_bits(whole, separated(checkpoint, sound, block)));
}

TEST_CASE("a frame of the stems has come out when the latency has come in behind it, and not before it can be known") {
  const auto separator = make_live_separator(network(), {{44100}, 2});
  const auto& info = separator->info();
  CHECK(info.hop_frames == 128);
  CHECK(info.latency_frames == 256);
  const auto sound = noise(2, 2000, {44100});
  Frames out = 0;
  for (Frames in = 1; in <= sound.frames(); ++in) {
    out += frames_of(separator->push(sound.view().slice({in - 1, in})));
    CHECK(out == std::max<Frames>(0, in / 128 - 1) * 128);
    CHECK(out >= in - info.latency_frames);
  }
}

TEST_CASE("the full size is late by less than 50 ms") {
  const auto separator = make_live_separator(untrained_checkpoint("BandUNet", {{"causal", {true}}}, 1), {{44100}, 2});
  CHECK(to_seconds(separator->info().latency_frames, {44100}).value < 0.05);
  const auto other = make_live_separator(untrained_checkpoint("BandUNet", {{"causal", {true}}}, 1), {{48000}, 2});
  CHECK(to_seconds(other->info().latency_frames, {48000}).value < 0.05);
}

TEST_CASE("what comes later than the latency changes nothing") {
  const auto checkpoint = network();
  const auto sound = noise(2, 4096, {44100});
  auto other = sound;
  for (int c = 0; c < 2; ++c)
    for (float& x : other.channel(c).subspan(2048)) x = 0.1F;
  const auto a = separated(checkpoint, sound, 512), b = separated(checkpoint, other, 512);
  for (std::size_t s = 0; s < a.size(); ++s) {
    CHECK(largest_difference(a[s].view().slice({0, 2048 - 256}), b[s].view().slice({0, 2048 - 256})) == 0.0);
    CHECK(largest_difference(a[s], b[s]) > 0.0);
  }
}

TEST_CASE("frame by frame the network makes what it makes of the whole at once") {
  const auto checkpoint = network();
  auto sound = noise(2, 40000, {44100});
  const auto stems = separated(checkpoint, sound, 999);
  // A sound comes to Network::run with a deviation of 1, that of recorded music being 0.17 (band_masks.cpp).
  for (int c = 0; c < 2; ++c)
    for (float& x : sound.channel(c)) x /= 0.17F;
  const auto whole = make_network(checkpoint, {.device = Device::cpu, .precision = Precision::float32})->run(sound, {});
  REQUIRE(whole.size() == stems.size());
  for (std::size_t s = 0; s < stems.size(); ++s) {
    auto same_level = whole[s];
    for (int c = 0; c < 2; ++c)
      for (float& x : same_level.channel(c)) x *= 0.17F;
    CHECK(largest_difference(stems[s], same_level) < 1e-4);
    CHECK(peak(stems[s]) > 0.01F);  // which says something
  }
}

TEST_CASE("mono is heard as two equal channels, and channels beyond two by themselves") {
  const auto checkpoint = network();
  const auto mono = noise(1, 3000, {44100});
  AudioBuffer three(3, 3000, {44100});
  const auto pair = noise(2, 3000, {44100}, 5);
  std::ranges::copy(pair.channel(0), three.channel(0).begin());
  std::ranges::copy(pair.channel(1), three.channel(1).begin());
  std::ranges::copy(mono.channel(0), three.channel(2).begin());
  const auto alone = separated(checkpoint, mono, 500), both = separated(checkpoint, pair, 500);
  const auto all = separated(checkpoint, three, 500);
  for (std::size_t s = 0; s < all.size(); ++s) {
    CHECK(std::ranges::equal(all[s].channel(0), both[s].channel(0)));
    CHECK(std::ranges::equal(all[s].channel(1), both[s].channel(1)));
    CHECK(std::ranges::equal(all[s].channel(2), alone[s].channel(0)));
  }
}

TEST_CASE("networks that look ahead cannot separate live") {
  Checkpoint other;
  other.architecture = "HTDemucs";
  for (const auto& checkpoint : {network(false), other})
    CHECK_THROWS_WITH_AS((void)make_live_separator(checkpoint, {{44100}, 2}), doctest::Contains("looks ahead"), Error);
}

TEST_CASE("a block of other channels is refused") {
  const auto separator = make_live_separator(network(), {{44100}, 2});
  CHECK_THROWS_AS((void)separator->push(noise(1, 10, {44100})), Error);
}
#else
TEST_CASE("without libtorch nothing is separated live") {
  CHECK_THROWS_WITH_AS((void)make_live_separator({}, {{44100}, 2}), doctest::Contains("libtorch"), Error);
}
#endif
