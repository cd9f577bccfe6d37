#include "sfa/analysis/chroma.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

double pitch_hz(int midi_note, double tuning_cents = 0.0) {
  return 440.0 * std::exp2((midi_note - 69) / 12.0 + tuning_cents / 1200.0);
}

std::size_t strongest(const Chroma& chroma) {
  return static_cast<std::size_t>(std::ranges::max_element(chroma.values) - chroma.values.begin());
}

}  // namespace

TEST_CASE("each pitch class of three octaves is told at any sample rate") {
  for (const int hz : {8000, 44100, 48000, 192000})
    for (int note = 45; note < 81; note += hz == 44100 ? 1 : 5) {
      CAPTURE(hz);
      CAPTURE(note);
      const auto result = chroma(signals::sine(1.0, {hz}, pitch_hz(note), 0.3), {hz});
      CHECK(strongest(result) == static_cast<std::size_t>(note % 12));
      CHECK(std::accumulate(result.values.begin(), result.values.end(), 0.0) == doctest::Approx(1.0));
    }
}

TEST_CASE("the tuning is found and taken out") {
  const SampleRate rate{44100};
  for (const double cents : {-40.0, -20.0, 0.0, 15.0, 40.0}) {
    auto chord = signals::silence(2.0, rate);
    for (const int note : {57, 61, 64, 69}) {
      const auto tone = signals::sine(2.0, rate, pitch_hz(note, cents), 0.2);
      for (std::size_t i = 0; i < chord.size(); ++i) chord[i] += tone[i];
    }
    const auto result = chroma(chord, rate);
    CHECK(std::abs(result.tuning_cents - cents) < 3.0);
    CHECK(strongest(result) == 9);
  }
}

TEST_CASE("silence has no chroma") {
  CHECK(chroma({}, {44100}).values == std::array<double, 12>{});
  CHECK(chroma(signals::silence(1.0, {44100}), {44100}).values == std::array<double, 12>{});
  CHECK(chroma(signals::sine(1.0, {44100}, 440.0, 1e-5), {44100}).values == std::array<double, 12>{});
  CHECK(chroma(std::vector<float>(44100, 0.5F), {44100}).tuning_cents <= 50.0);
}

TEST_CASE("noise is about flat") {
  for (const double value : chroma(signals::noise(20.0, {44100}, 0.5), {44100}).values)
    CHECK(value == doctest::Approx(1.0 / 12.0).epsilon(0.35));
}

TEST_CASE("pitches below 160 Hz are the bass's, those above 250 Hz the treble's") {
  const SampleRate rate{44100};
  const auto low = chroma(signals::sine(2.0, rate, pitch_hz(40), 0.3), rate);
  CHECK(std::accumulate(low.bass.begin(), low.bass.end(), 0.0) == doctest::Approx(1.0));
  CHECK(low.bass == low.values);
  const auto high = chroma(signals::sine(2.0, rate, pitch_hz(64), 0.3), rate);
  CHECK(std::accumulate(high.bass.begin(), high.bass.end(), 0.0) < 1e-3);
}

TEST_CASE("what lies beyond the decimated band does not fold into it") {
  const SampleRate rate{44100};
  auto samples = signals::sine(2.0, rate, pitch_hz(69), 0.05);
  for (const double hz : {8300.0, 10400.0, 13500.0, 21000.0}) {  // 11025 - 8300 and so on would be pitches
    const auto loud = signals::sine(2.0, rate, hz, 0.2);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += loud[i];
  }
  const auto with = chroma(samples, rate), alone = chroma(signals::sine(2.0, rate, pitch_hz(69), 0.05), rate);
  for (std::size_t i = 0; i < 12; ++i) CHECK(with.values[i] == doctest::Approx(alone.values[i]).epsilon(0.05));
}

TEST_CASE("frames come ten a second, sum to 1 or 0, and do not depend on how the samples are cut") {
  const SampleRate rate{22050};
  auto samples = signals::silence(3.0, rate);
  for (const int second : {0, 1}) {
    const auto tone = signals::sine(1.0, rate, pitch_hz(60 + 7 * second), 0.3);
    std::copy(tone.begin(), tone.end(), samples.begin() + second * rate.hz);
  }
  const auto frames_of = [&](std::size_t block) {
    std::vector<ChromaFrame> frames;
    const auto sink = [&](const ChromaFrame& frame) { frames.push_back(frame); };
    ChromaAnalyzer analyzer(rate);
    for (std::size_t i = 0; i < samples.size(); i += block)
      analyzer.add(std::span(samples).subspan(i, std::min(block, samples.size() - i)), sink);
    (void)analyzer.finish(sink);
    return frames;
  };
  const auto whole = frames_of(samples.size()), pieces = frames_of(777);
  REQUIRE(whole.size() == 30);
  REQUIRE(pieces.size() == 30);
  for (std::size_t i = 0; i < 30; ++i) {
    CHECK(whole[i].treble == pieces[i].treble);
    CHECK(whole[i].bass == pieces[i].bass);
    float total = 0.0F;
    for (std::size_t k = 0; k < 12; ++k) total += whole[i].treble[k] + whole[i].bass[k];
    CHECK(total == doctest::Approx(i < 22 ? 1.0 : 0.0));
  }
  CHECK(std::ranges::max_element(whole[5].treble) - whole[5].treble.begin() == 0);
  CHECK(std::ranges::max_element(whole[15].treble) - whole[15].treble.begin() == 7);
}
