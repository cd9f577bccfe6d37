#include "sfa/analysis/loudness.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

const SampleRate rate{48000};

/// A 1 kHz sine on all channels whose peak is at these levels for so many seconds each, as EBU's test signals
/// are made.
AudioBuffer steps(const std::vector<std::pair<double, double>>& levels_and_seconds, int channels = 2) {
  double seconds = 0.0;
  for (const auto& [level, part] : levels_and_seconds) seconds += part;
  AudioBuffer audio(channels, to_frames({seconds}, rate), rate);
  const auto sine = signals::sine(seconds, rate, 1000.0, 1.0);
  std::size_t at = 0;
  for (const auto& [level, part] : levels_and_seconds) {
    const auto end = std::min(sine.size(), at + static_cast<std::size_t>(to_frames({part}, rate)));
    for (; at < end; ++at)
      for (int c = 0; c < channels; ++c) audio.channel(c)[at] = to_gain({level}) * sine[at];
  }
  return audio;
}

}  // namespace

TEST_CASE("integrated loudness is that of EBU Tech 3341's signals 1 to 5") {
  CHECK(loudness(steps({{-23, 20}})).integrated_lufs == doctest::Approx(-23.0).epsilon(0.1 / 23));
  CHECK(loudness(steps({{-33, 20}})).integrated_lufs == doctest::Approx(-33.0).epsilon(0.1 / 33));
  CHECK(std::abs(loudness(steps({{-36, 10}, {-23, 60}, {-36, 10}})).integrated_lufs + 23.0) <= 0.1);
  CHECK(std::abs(loudness(steps({{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}})).integrated_lufs + 23.0) <=
        0.1);
  CHECK(std::abs(loudness(steps({{-26, 20}, {-20, 20.1}, {-26, 20}})).integrated_lufs + 23.0) <= 0.1);
}

TEST_CASE("the loudness range is that of EBU Tech 3342's signals 1 to 4") {
  CHECK(std::abs(loudness(steps({{-20, 20}, {-30, 20}})).range_lu - 10.0) <= 1.0);
  CHECK(std::abs(loudness(steps({{-20, 20}, {-15, 20}})).range_lu - 5.0) <= 1.0);
  CHECK(std::abs(loudness(steps({{-40, 20}, {-20, 20}})).range_lu - 20.0) <= 1.0);
  CHECK(std::abs(loudness(steps({{-50, 20}, {-35, 20}, {-20, 20}, {-35, 20}, {-50, 20}})).range_lu - 15.0) <= 1.0);
}

TEST_CASE("the true peak between the samples is found, as EBU Tech 3341's signals 15 and 16 ask") {
  // At a quarter of the sample rate and 45 degrees the samples stand 3 dB below the sine's peak of -6 dB.
  for (const double degrees : {0.0, 45.0}) {
    const auto sine = signals::sine(1.0, rate, 12000.0, 0.5, degrees * std::numbers::pi / 180.0);
    const double level = loudness(AudioView(sine, rate)).true_peak_db;
    CHECK(level <= -6.02 + 0.2);
    CHECK(level >= -6.02 - 0.4);
  }
  CHECK(peak(AudioView(signals::sine(1.0, rate, 12000.0, 0.5, std::numbers::pi / 4), rate)) < 0.36F);
}

TEST_CASE("one channel is 3 dB below the same on two") {
  CHECK(std::abs(loudness(steps({{-20, 5}}, 1)).integrated_lufs + 23.0) <= 0.1);
}

TEST_CASE("silence and nothing are infinitely quiet and have no range") {
  for (const auto& audio :
       {AudioBuffer(2, 96000, rate), AudioBuffer(1, 1, rate), AudioBuffer(2, 0, rate), AudioBuffer()}) {
    const auto result = loudness(audio);
    CHECK(std::isinf(result.integrated_lufs));
    CHECK(result.integrated_lufs < 0.0);
    CHECK(std::isinf(result.true_peak_db));
    CHECK(result.range_lu == 0.0);
  }
}

TEST_CASE("loudness in pieces is that of the whole, and of as many channels as were said") {
  const auto audio = steps({{-20, 2}, {-30, 2}});
  LoudnessMeter meter(rate, 2);
  for (Frames at = 0; at < audio.frames(); at += 1237) meter.add(audio.view().slice({at, at + 1237}));
  const auto whole = loudness(audio), pieces = meter.loudness();
  CHECK(pieces.integrated_lufs == whole.integrated_lufs);
  CHECK(pieces.true_peak_db == whole.true_peak_db);
  CHECK_THROWS_AS(meter.add(steps({{-20, 1}}, 1)), Error);
  CHECK_THROWS_AS(LoudnessMeter(rate, 65), Error);
}
