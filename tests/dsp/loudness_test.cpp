#include "sfa/dsp/loudness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "sfa/audio/error.hpp"

using namespace sfa;
using sfa::dsp::LoudnessMeter;

namespace {

const SampleRate rate{48000};
constexpr double silent = -std::numeric_limits<double>::infinity();
constexpr LoudnessMeter::Measures all{.range = true, .sample_peak = true, .true_peak = true};

LoudnessMeter measured(const AudioView& audio) {
  LoudnessMeter meter(audio.rate(), audio.channels(), all);
  meter.add(audio);
  return meter;
}

/// A sine on all channels whose peak is at these levels for so many seconds each, as EBU's test signals are made.
AudioBuffer steps(const std::vector<std::pair<double, double>>& levels_and_seconds, int channels = 2,
                  double frequency_hz = 1000.0, double phase = 0.0) {
  double seconds = 0.0;
  for (const auto& [level, part] : levels_and_seconds) seconds += part;
  AudioBuffer audio(channels, to_frames({seconds}, rate), rate);
  Frames at = 0;
  for (const auto& [level, part] : levels_and_seconds)
    for (const Frames end = std::min(audio.frames(), at + to_frames({part}, rate)); at < end; ++at)
      for (int c = 0; c < channels; ++c) {
        const double angle = 2.0 * std::numbers::pi * frequency_hz * static_cast<double>(at) / rate.hz + phase;
        audio.channel(c)[static_cast<std::size_t>(at)] = to_gain({level}) * static_cast<float>(std::sin(angle));
      }
  return audio;
}

double integrated(const std::vector<std::pair<double, double>>& levels_and_seconds) {
  return measured(steps(levels_and_seconds)).integrated_lufs();
}

double range(const std::vector<std::pair<double, double>>& levels_and_seconds) {
  return measured(steps(levels_and_seconds)).range_lu();
}

}  // namespace

TEST_CASE("integrated loudness is that of EBU Tech 3341's signals 1 to 5") {
  CHECK(std::abs(integrated({{-23, 20}}) + 23.0) <= 0.1);
  CHECK(std::abs(integrated({{-33, 20}}) + 33.0) <= 0.1);
  CHECK(std::abs(integrated({{-36, 10}, {-23, 60}, {-36, 10}}) + 23.0) <= 0.1);
  CHECK(std::abs(integrated({{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}}) + 23.0) <= 0.1);
  CHECK(std::abs(integrated({{-26, 20}, {-20, 20.1}, {-26, 20}}) + 23.0) <= 0.1);
}

TEST_CASE("a sine at full scale in one channel has the loudness that BS.1770 states, -3.01 LKFS") {
  const auto meter = measured(steps({{0, 3}}, 1, 997.0));
  CHECK(std::abs(meter.integrated_lufs() + 3.01) <= 0.01);
  CHECK(std::abs(meter.sample_peak_db()) < 0.001);
}

TEST_CASE("the loudness range is that of EBU Tech 3342's signals 1 to 4") {
  CHECK(std::abs(range({{-20, 20}, {-30, 20}}) - 10.0) <= 1.0);
  CHECK(std::abs(range({{-20, 20}, {-15, 20}}) - 5.0) <= 1.0);
  CHECK(std::abs(range({{-40, 20}, {-20, 20}}) - 20.0) <= 1.0);
  CHECK(std::abs(range({{-50, 20}, {-35, 20}, {-20, 20}, {-35, 20}, {-50, 20}}) - 15.0) <= 1.0);
}

TEST_CASE("the true peak between the samples is found, as EBU Tech 3341's signals 15 and 16 ask") {
  // At a quarter of the sample rate and 45 degrees the samples stand 3 dB below the sine's peak of -6 dB.
  for (const double degrees : {0.0, 45.0}) {
    const auto meter = measured(steps({{-6.02, 1}}, 1, 12000.0, degrees * std::numbers::pi / 180.0));
    CHECK(meter.true_peak_db() <= -6.02 + 0.2);
    CHECK(meter.true_peak_db() >= -6.02 - 0.4);
    CHECK(meter.sample_peak_db() == doctest::Approx(degrees == 0.0 ? -6.02 : -9.03).epsilon(0.001));
  }
}

TEST_CASE("one channel is 3 dB below the same on two") {
  CHECK(std::abs(measured(steps({{-20, 5}}, 1)).integrated_lufs() + 23.0) <= 0.1);
}

TEST_CASE("silence and nothing are infinitely quiet and have no range") {
  for (const auto& audio : {AudioBuffer(2, 96000, rate), AudioBuffer(1, 1, rate), AudioBuffer(2, 0, rate)}) {
    const auto meter = measured(audio);
    CHECK(meter.integrated_lufs() == silent);
    CHECK(meter.true_peak_db() == silent);
    CHECK(meter.sample_peak_db() == silent);
    CHECK(meter.range_lu() == 0.0);
  }
}

TEST_CASE("the largest samples have finite readings") {
  constexpr float largest = std::numeric_limits<float>::max();
  AudioBuffer audio(2, 4 * 48000, rate);
  for (int c = 0; c < 2; ++c)
    for (std::size_t i = 0; i < audio.channel(c).size(); ++i)
      audio.channel(c)[i] = i / 50 % 2 == 0 ? largest : -largest;
  const auto meter = measured(audio);
  const double full = to_decibels(double{largest}).value;
  CHECK(meter.sample_peak_db() == doctest::Approx(full));
  CHECK(meter.true_peak_db() == doctest::Approx(full));
  CHECK(std::abs(meter.integrated_lufs() - full) < 10.0);
  CHECK(meter.range_lu() < 1.0);
}

TEST_CASE("loudness in pieces is that of the whole") {
  const auto audio = steps({{-20, 2}, {-30, 2}});
  LoudnessMeter pieces(rate, 2, all);
  for (Frames at = 0; at < audio.frames(); at += 1237) pieces.add(audio.view().slice({at, at + 1237}));
  const auto whole = measured(audio);
  CHECK(pieces.integrated_lufs() == whole.integrated_lufs());
  CHECK(pieces.range_lu() == whole.range_lu());
  CHECK(pieces.true_peak_db() == whole.true_peak_db());
  CHECK(pieces.sample_peak_db() == whole.sample_peak_db());
}

TEST_CASE("up to 64 channels are measured, and the highest peak is that of any of them") {
  AudioBuffer audio(64, 48000, rate);
  audio.channel(63)[100] = -0.5F;
  CHECK(measured(audio).sample_peak_db() == doctest::Approx(-6.0206));
}

TEST_CASE("shapes that cannot be measured are refused, and audio of another shape than was said") {
  const auto unsupported = [](int hz, int channels) {
    try {
      LoudnessMeter meter({hz}, channels, all);
    } catch (const Error& error) {
      return error.kind == Error::Kind::unsupported;
    }
    return false;
  };
  for (const int channels : {-1, 0, 65}) CHECK(unsupported(48000, channels));
  for (const int hz : {-1, 0, 1, 2000000000}) CHECK(unsupported(hz, 2));
  LoudnessMeter meter(rate, 2, all);
  CHECK_THROWS_AS(meter.add(AudioBuffer(1, 10, rate)), Error);
  CHECK_THROWS_AS(meter.add(AudioBuffer(2, 10, {44100})), Error);
}

TEST_CASE("what a meter was not asked to measure is refused") {
  LoudnessMeter meter(rate, 2, {});
  meter.add(steps({{-23, 1}}));
  CHECK(std::abs(meter.integrated_lufs() + 23.0) <= 0.1);
  CHECK_THROWS_AS((void)meter.range_lu(), Error);
  CHECK_THROWS_AS((void)meter.sample_peak_db(), Error);
  CHECK_THROWS_AS((void)meter.true_peak_db(), Error);
}
