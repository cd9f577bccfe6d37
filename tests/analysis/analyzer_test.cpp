#include "sfa/analysis/analyzer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

bool is_sound(const Analysis& result) {
  for (const auto& beat : result.beats)
    if (!std::isfinite(beat.time) || !(beat.confidence >= 0.0 && beat.confidence <= 1.0)) return false;
  return std::isfinite(result.tempo.bpm) && result.tempo.confidence >= 0.0 && result.tempo.confidence <= 1.0 &&
         result.key.confidence >= 0.0 && result.key.confidence <= 1.0 &&
         !std::isnan(result.loudness.integrated_lufs) && !std::isnan(result.loudness.true_peak_db) && std::isfinite(result.loudness.range_lu);
}

}  // namespace

TEST_CASE("an analysis tells what the audio is, its tempo, key and loudness") {
  const SampleRate rate{48000};
  auto samples = signals::clicks(12.0, rate, 120.0);
  for (const int note : {57, 60, 64, 69}) {
    const auto tone = signals::sine(12.0, rate, 440.0 * std::exp2((note - 69) / 12.0), 0.05);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += tone[i];
  }
  const auto result = analyze(AudioView(samples, rate));
  CHECK(result.source.sample_rate == rate);
  CHECK(result.source.channels == 1);
  CHECK(result.source.frames == 12 * 48000);
  CHECK(result.duration == doctest::Approx(12.0));
  CHECK(std::abs(result.tempo.bpm - 120.0) < 0.5);
  CHECK(result.key.name == "A minor");
  CHECK(result.key.camelot == "8A");
  CHECK(result.loudness.true_peak_db > -9.0);
  CHECK(result.loudness.integrated_lufs < -10.0);
}

TEST_CASE("the blocks' sizes do not change an analysis") {
  const SampleRate rate{44100};
  const auto samples = signals::clicks(8.0, rate, 93.0, 0.1);
  const AudioView audio(samples, rate);
  const auto whole = analyze(audio);
  for (const Frames block : {Frames{77}, Frames{4096}, Frames{1000000}}) {
    Analyzer analyzer(rate, 1);
    for (Frames at = 0; at < audio.frames(); at += block) analyzer.add(audio.slice({at, at + block}));
    const auto pieces = analyzer.finish();
    REQUIRE(pieces.beats.size() == whole.beats.size());
    for (std::size_t i = 0; i < whole.beats.size(); ++i) CHECK(pieces.beats[i].time == whole.beats[i].time);
    CHECK(pieces.key.name == whole.key.name);
    CHECK(pieces.loudness.integrated_lufs == whole.loudness.integrated_lufs);
  }
}

TEST_CASE("odd audio gives a sound analysis: nothing, one sample, a constant, silence, full scale, 64 channels") {
  const SampleRate rate{44100};
  CHECK(is_sound(analyze(AudioView())));
  for (const auto& samples : {std::vector<float>(1, 1.0F), std::vector<float>(1000, 0.3F),
                              std::vector<float>(44100 * 4, -1.0F), signals::silence(3.0, rate), signals::noise(3.0, rate, 1.0),
                              std::vector<float>(50000, std::numeric_limits<float>::max()),
                              std::vector<float>(50000, std::numeric_limits<float>::denorm_min())})
    CHECK(is_sound(analyze(AudioView(samples, rate))));
  AudioBuffer wide(64, 44100, rate);
  for (int c = 0; c < 64; ++c)
    for (auto& sample : wide.channel(c)) sample = 0.1F;
  CHECK(is_sound(analyze(wide)));
  for (const int hz : {1000, 768000}) CHECK(is_sound(analyze(AudioView(signals::clicks(2.0, {hz}, 100.0), {hz}))));
}

TEST_CASE("beats are heard in the drums, key and chords in what is neither drums nor voice") {
  const SampleRate rate{44100};
  const auto drums = signals::clicks(16.0, rate, 120.0);
  auto other = signals::silence(16.0, rate), vocals = other, mix = drums;
  for (const int note : {57, 60, 64}) {  // A minor, against a voice in another key and tempo
    const auto tone = signals::sine(16.0, rate, 440.0 * std::exp2((note - 69) / 12.0), 0.05);
    std::ranges::transform(other, tone, other.begin(), std::plus{});
  }
  for (int i = 0; i < 48; ++i) signals::add_ping(vocals, rate, i / 3.1, 466.16 * std::exp2((i % 3) * 4 / 12.0), 0.4, 0.1);
  for (std::size_t i = 0; i < mix.size(); ++i) mix[i] += other[i] + vocals[i];

  Analyzer analyzer(rate, 1, {.stems = {"drums", "other", "vocals"}});
  const std::vector<AudioView> stems{{drums, rate}, {other, rate}, {vocals, rate}};
  analyzer.add({mix, rate}, stems);
  const auto result = analyzer.finish();
  CHECK(std::abs(result.tempo.bpm - 120.0) < 0.5);
  CHECK(result.key.name == "A minor");
  const auto longest = std::ranges::max_element(result.chords, {}, &Chord::duration);
  REQUIRE(longest != result.chords.end());
  CHECK(longest->name == "Am");
  CHECK(longest->duration > 12.0);
  REQUIRE(result.stems.size() == 3);
  CHECK(result.stems[0].name == "drums");
  CHECK(result.stems[0].quality > 0.5);
  CHECK_THROWS_AS(Analyzer(rate, 1, {.stems = {"drums"}}).add({mix, rate}, {}), Error);
  for (const auto& other_than_mix : {AudioView(std::span(drums).first(100), rate), AudioView(drums, SampleRate{48000})})
    CHECK_THROWS_AS(Analyzer(rate, 1, {.stems = {"drums"}}).add({mix, rate}, std::vector{other_than_mix}), Error);
}

TEST_CASE("an analysis of a part can be counted from the begin of the whole") {
  const SampleRate rate{48000};
  auto part = analyze(AudioView(signals::clicks(12.0, rate, 120.0), rate));
  part.grid = {{0.25, 120.0, 8, 1}};
  part.loops = {{1.0, 0.5, {48000, 72000}, 1, 1.0, 1.0, ""}};
  part.keys = {{0.5, 4.0, {}}};
  part.chords = {{0.75, 4.0, 0, false, "C", 1.0}};
  part.sections = {{1.25, 4.0, "A", "", 0, 2, 1.0, 0.0}};
  part.cues = {{"drop", 1.5, 0, 8, 1.0}};
  auto moved = part;
  count_from(moved, 96000);
  CHECK(moved.start == doctest::Approx(2.0));
  REQUIRE(!moved.beats.empty());
  CHECK(moved.beats[0].time == doctest::Approx(part.beats[0].time + 2.0));
  CHECK(moved.grid[0].time == doctest::Approx(2.25));
  CHECK(moved.loops[0].time == doctest::Approx(3.0));
  CHECK(moved.loops[0].range == FrameRange{144000, 168000});
  CHECK(moved.keys[0].time == doctest::Approx(2.5));
  CHECK(moved.chords[0].time == doctest::Approx(2.75));
  CHECK(moved.sections[0].time == doctest::Approx(3.25));
  CHECK(moved.cues[0].time == doctest::Approx(3.5));
}

TEST_CASE("samples that are no finite numbers are refused") {
  for (const float odd : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto samples = signals::silence(1.0, {44100});
    samples[500] = odd;
    CHECK_THROWS_AS((void)analyze(AudioView(samples, {44100})), Error);
  }
}

TEST_CASE("an analysis can be cancelled") {
  const auto samples = signals::silence(5.0, {44100});
  CHECK_THROWS_AS((void)analyze(AudioView(samples, {44100}), [](double) { return false; }), Error);
}
