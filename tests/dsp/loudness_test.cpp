#include "sfa/dsp/loudness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
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
constexpr LoudnessMeter::Measures all{.range = true, .sample_peak = true, .true_peak = true, .curves = true};

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

TEST_CASE("the surround channels weigh as in EBU Tech 3341's signal 6") {
  AudioBuffer audio(5, 20 * 48000, rate);
  const double levels[] = {-28, -28, -24, -30, -30};
  for (int c = 0; c < 5; ++c) {
    const auto channel = steps({{levels[c], 20}}, 1);
    std::ranges::copy(channel.channel(0), audio.channel(c).begin());
  }
  CHECK(std::abs(measured(audio).integrated_lufs() + 23.0) <= 0.1);
}

TEST_CASE("momentary, short-term and integrated loudness are one for the steady EBU Tech 3341 signals 1 and 2") {
  for (const double level : {-23.0, -33.0}) {
    const auto meter = measured(steps({{level, 20}}));
    CHECK(std::abs(meter.maximum_momentary_lufs() - level) <= 0.1);
    CHECK(std::abs(meter.maximum_short_term_lufs() - level) <= 0.1);
    CHECK(meter.momentary_lufs().size() == 197);   // ends at 0.4, 0.5 .. 20 s
    CHECK(meter.short_term_lufs().size() == 171);  // ends at 3, 3.1 .. 20 s
    for (const float value : meter.momentary_lufs()) CHECK(std::abs(value - level) <= 0.1);
    for (const float value : meter.short_term_lufs()) CHECK(std::abs(value - level) <= 0.1);
  }
}

TEST_CASE("short-term loudness is constant for EBU Tech 3341's signal 9, momentary for its signal 12") {
  std::vector<std::pair<double, double>> nine, twelve;
  for (int i = 0; i < 5; ++i) nine.insert(nine.end(), {{-20, 1.34}, {-30, 1.66}});
  for (int i = 0; i < 25; ++i) twelve.insert(twelve.end(), {{-20, 0.18}, {-30, 0.22}});
  const auto slow = measured(steps(nine)), fast = measured(steps(twelve));
  CHECK(slow.short_term_lufs().size() == 121);
  for (const float value : slow.short_term_lufs()) CHECK(std::abs(value + 23.0F) <= 0.1F);
  CHECK(fast.momentary_lufs().size() == 97);
  for (const float value : fast.momentary_lufs().subspan(6)) CHECK(std::abs(value + 23.0F) <= 0.1F);  // after 1 s
}

TEST_CASE("the maxima are those of EBU Tech 3341's signals 10 and 13, wherever the tone begins") {
  for (int i = 0; i < 20; ++i) {
    CHECK(std::abs(measured(steps({{silent, 0.15 * i}, {-23, 3}, {silent, 1}})).maximum_short_term_lufs() + 23) <= 0.1);
    CHECK(std::abs(measured(steps({{silent, 0.02 * i}, {-23, 0.4}, {silent, 1}})).maximum_momentary_lufs() + 23) <= 0.1);
  }
}

TEST_CASE("the maximum rises with each tone of EBU Tech 3341's signals 11 and 14") {
  LoudnessMeter slow(rate, 2, {.maxima = true}), fast(rate, 2, {.maxima = true});
  for (int i = 0; i < 20; ++i) {
    const double level = -38.0 + i;
    slow.add(steps({{silent, 0.15 * i}, {level, 3}, {silent, 3 - 0.15 * i}}));
    fast.add(steps({{silent, 0.02 * i}, {level, 0.4}, {silent, 0.4 - 0.02 * i}}));
    CHECK(std::abs(slow.maximum_short_term_lufs() - level) <= 0.1);
    CHECK(std::abs(fast.maximum_momentary_lufs() - level) <= 0.1);
  }
}

TEST_CASE("the curves' windows lie where they are said to lie, at any sample rate") {
  for (const int hz : {8000, 11025, 44100, 96000, 192000}) {
    AudioBuffer audio(1, Frames{6} * hz, {hz});  // a tone from 2 s to 2.4 s
    for (std::size_t i = 2 * static_cast<std::size_t>(hz); i < static_cast<std::size_t>(hz) * 24 / 10; ++i)
      audio.channel(0)[i] = static_cast<float>(std::sin(2.0 * std::numbers::pi * 1000.0 * static_cast<double>(i) / hz));
    const auto meter = measured(audio);
    const auto momentary = meter.momentary_lufs();
    REQUIRE(momentary.size() == 57);
    CHECK(std::ranges::max_element(momentary) - momentary.begin() == 20);  // 20 * 0.1 + 0.4
    CHECK(momentary[20] == doctest::Approx(-3.0).epsilon(0.05));
    CHECK(momentary[0] == silent);
    CHECK(static_cast<float>(meter.maximum_momentary_lufs()) >= momentary[20]);
    CHECK(meter.short_term_lufs().size() == 31);
  }
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

TEST_CASE("the true peak between the samples is that of EBU Tech 3341's signals 15 to 19") {
  struct Signal { double divisor, degrees, amplitude, true_peak; };
  for (const auto& [divisor, degrees, amplitude, true_peak] : std::initializer_list<Signal>{
           {4, 0, 0.5, -6}, {4, 45, 0.5, -6}, {6, 60, 0.5, -6}, {8, 67.5, 0.5, -6}, {4, 45, 1.41, 3}}) {
    const double level = 20.0 * std::log10(amplitude);
    auto tone = steps({{level, 1}}, 1, rate.hz / divisor, degrees * std::numbers::pi / 180.0);
    const auto samples = tone.channel(0);
    for (std::size_t i = 0; i < 480; ++i) {  // a sine that starts at once overshoots
      samples[i] *= static_cast<float>(i) / 480.0F;
      samples[samples.size() - 1 - i] *= static_cast<float>(i) / 480.0F;
    }
    const auto meter = measured(tone);
    CHECK(meter.true_peak_db() <= true_peak + 0.2);
    CHECK(meter.true_peak_db() >= true_peak - 0.4);
    if (degrees == 45) CHECK(meter.sample_peak_db() == doctest::Approx(level - 3.0103).epsilon(0.001));
  }
}

TEST_CASE("the true peak is found wherever it lies between two samples, as EBU Tech 3341's signals 20 to 23 ask") {
  for (const double offset : {0.0, 0.25, 0.5, 0.75}) {  // samples from the peak of 0 dBTP to the nearest before it
    AudioBuffer audio(1, 4800, rate);
    for (std::size_t i = 0; i < audio.channel(0).size(); ++i) {
      const double t = static_cast<double>(i) - 2400.0 - offset;
      audio.channel(0)[i] = static_cast<float>(std::cos(2.0 * std::numbers::pi * t / 6.0) * std::exp(-t * t / 64.0));
    }
    CHECK(measured(audio).true_peak_db() <= 0.2);
    CHECK(measured(audio).true_peak_db() >= -0.4);
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
    CHECK(meter.maximum_momentary_lufs() == silent);
    CHECK(meter.maximum_short_term_lufs() == silent);
    CHECK(meter.momentary_lufs().size() == (audio.frames() == 96000 ? 17 : 0));
    for (const float value : meter.momentary_lufs()) CHECK(value == silent);
    CHECK(meter.short_term_lufs().empty());
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
  CHECK(pieces.maximum_momentary_lufs() == whole.maximum_momentary_lufs());
  CHECK(pieces.maximum_short_term_lufs() == whole.maximum_short_term_lufs());
  CHECK(std::ranges::equal(pieces.momentary_lufs(), whole.momentary_lufs()));
  CHECK(std::ranges::equal(pieces.short_term_lufs(), whole.short_term_lufs()));
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
  CHECK_THROWS_AS((void)meter.maximum_momentary_lufs(), Error);
  CHECK_THROWS_AS((void)meter.short_term_lufs(), Error);
  LoudnessMeter maxima(rate, 2, {.maxima = true});
  CHECK_THROWS_AS((void)maxima.momentary_lufs(), Error);
}
