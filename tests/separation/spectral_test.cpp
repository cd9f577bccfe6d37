#include "sfa/separation/spectral.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

constexpr SampleRate rate{22050};
constexpr Frames length = 8 * 22050;

AudioBuffer noise(int channels, Frames frames, SampleRate at) {
  Random random(3);
  AudioBuffer audio(channels, frames, at);
  for (int c = 0; c < channels; ++c)
    for (auto& sample : audio.channel(c)) sample = static_cast<float>(random.uniform(-1.0, 1.0));
  return audio;
}

void add(AudioBuffer& audio, Frames frame, double value, double left, double right) {
  audio.channel(0)[static_cast<std::size_t>(frame)] += static_cast<float>(value * left);
  audio.channel(1)[static_cast<std::size_t>(frame)] += static_cast<float>(value * right);
}

double seconds(Frames frame) { return static_cast<double>(frame) / rate.hz; }

// A song of four stems, in the engine's order.
std::vector<AudioBuffer> song() {
  std::vector<AudioBuffer> stems(4, AudioBuffer(2, length, rate));
  Random random(5);
  double phase = 0.0;
  for (Frames i = 0; i < length; ++i) {
    const double t = seconds(i), tau = 2.0 * std::numbers::pi;
    const double in_beat = std::fmod(t, 0.5);
    add(stems[0], i, 0.8 * random.uniform(-1.0, 1.0) * std::exp(-in_beat * 120.0), 1.0, 1.0);
    add(stems[1], i, 0.3 * std::sin(tau * (std::fmod(t, 4.0) < 2.0 ? 55.0 : 65.4) * t), 1.0, 1.0);
    // A chord that comes every second, on the left.
    const double chord = std::sin(tau * 330.0 * t) + std::sin(tau * 415.3 * t) + std::sin(tau * 493.9 * t);
    add(stems[2], i, std::fmod(t, 1.0) < 0.5 ? 0.1 * chord : 0.0, 1.0, 0.2);
    // A voice in the centre that glides and never comes back to where it was.
    phase += tau * (700.0 + 60.0 * t + 25.0 * std::sin(tau * 0.31 * t)) / rate.hz;
    add(stems[3], i, 0.15 * (std::sin(phase) + 0.5 * std::sin(2.0 * phase)), 1.0, 1.0);
  }
  return stems;
}

double nsdr(const AudioBuffer& truth, const AudioBuffer& estimate) {
  double signal = 0.0, error = 0.0;
  for (int c = 0; c < truth.channels(); ++c)
    for (std::size_t i = 0; i < static_cast<std::size_t>(truth.frames()); ++i) {
      const double wanted = truth.channel(c)[i];
      signal += wanted * wanted;
      error += (wanted - estimate.channel(c)[i]) * (wanted - estimate.channel(c)[i]);
    }
  return 10.0 * std::log10(signal / error);
}

AudioBuffer sum(const std::vector<AudioBuffer>& parts) {
  AudioBuffer mix(parts.front().channels(), parts.front().frames(), parts.front().rate());
  for (const auto& part : parts)
    for (int c = 0; c < mix.channels(); ++c)
      std::ranges::transform(mix.channel(c), part.channel(c), mix.channel(c).begin(), std::plus<>());
  return mix;
}

std::vector<AudioBuffer> separated(const AudioView& mix) { return separate(*make_spectral_engine(), mix); }

}  // namespace

TEST_CASE("the stems add up to the mix, whatever its shape") {
  struct Shape {
    int channels;
    Frames frames;
    int rate_hz;
  };
  for (const auto& [channels, frames, rate_hz] :
       {Shape{1, 1, 44100}, {2, 2, 44100}, {1, 100, 8000}, {2, 44101, 44100}, {2, 30000, 192000}, {3, 5000, 48000},
        {6, 20000, 48000}, {64, 300, 44100}, {1, 2000, 1000}, {2, 40000, 768000}}) {
    CAPTURE(channels);
    CAPTURE(frames);
    CAPTURE(rate_hz);
    const auto mix = noise(channels, frames, SampleRate{rate_hz});
    const auto stems = separated(mix);
    REQUIRE(stems.size() == 4);
    const auto back = sum(stems);
    REQUIRE(back.frames() == frames);
    for (int c = 0; c < channels; ++c)
      for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i)
        REQUIRE(std::abs(back.channel(c)[i] - mix.channel(c)[i]) < 1e-6F);
  }
}

TEST_CASE("they add up across stretches, too") {
  const auto mix = noise(1, 1000 * 70, SampleRate{1000});  // 70 s: three stretches
  const auto stems = separated(mix);
  const auto back = sum(stems);
  for (std::size_t i = 0; i < 70000; ++i) REQUIRE(std::abs(back.channel(0)[i] - mix.channel(0)[i]) < 1e-6F);
}

TEST_CASE("silence has silent stems, and a sound of no frames has stems of none") {
  for (const auto& stem : separated(AudioBuffer(2, 50000, rate))) CHECK(peak(stem) == 0.0F);
  for (const auto& stem : separated(AudioBuffer(2, 0, rate))) CHECK(stem.frames() == 0);
}

TEST_CASE("the same samples give the same stems") {
  const auto mix = noise(2, 30000, rate);
  const auto once = separated(mix), again = separated(mix);
  for (std::size_t i = 0; i < once.size(); ++i)
    for (int c = 0; c < 2; ++c) CHECK(std::ranges::equal(once[i].channel(c), again[i].channel(c)));
}

TEST_CASE("each stem is nearer to its part of the song than the mix and than silence") {
  const auto parts = song();
  const auto mix = sum(parts);
  const auto stems = separated(mix);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    CAPTURE(i);
    CHECK(nsdr(parts[i], stems[i]) > nsdr(parts[i], mix) + 3.0);
    CHECK(nsdr(parts[i], stems[i]) > 3.0);
  }
}

TEST_CASE("one-sided sound is no voice") {
  const auto parts = song();
  AudioBuffer left = parts[3];
  std::ranges::fill(left.channel(1), 0.0F);
  CHECK(peak(separated(left)[3]) < 1e-6F);
}

TEST_CASE("a stretch is bounded for many channels and high rates") {
  const auto engine = make_spectral_engine();
  for (const int channels : {1, 2, 6, 64}) {
    for (const int hz : {1000, 8000, 44100, 192000, 768000}) {
      const auto [frames, overlap] = engine->stretch(channels, SampleRate{hz});
      CHECK(frames * channels <= Frames{1} << 23);
      CHECK(overlap > 0);
      CHECK(overlap <= frames / 2);
    }
  }
}
