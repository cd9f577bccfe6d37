#include "sfa/analysis/beat_features.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/audio/error.hpp"
#include "signals.hpp"

namespace analysis = sfa::analysis;
using analysis::BandSpectrogram;
using analysis::BeatFeatureCollector;
using analysis::BeatFeatures;
using sfa::SampleRate;

namespace {

constexpr SampleRate rate{8000};
constexpr int bands = 40;
constexpr double chroma_rate = 10.0;

/// Steps of one second: the n-th has its bands at n and pitch class n alone.
void add_steps(BeatFeatureCollector& collector, int seconds) {
  for (int s = 0; s < seconds; ++s) {
    const std::vector<float> row(bands, static_cast<float>(s));
    for (int i = 0; i < BandSpectrogram::frames_per_second; ++i) collector.add_bands(row);
    std::array<float, 12> treble{}, bass{};
    treble[static_cast<std::size_t>(s % 12)] = 3.0F;
    bass[static_cast<std::size_t>((s + 1) % 12)] = 5.0F;
    for (int i = 0; i < 10; ++i) collector.add_chroma(treble, bass);
  }
}

std::vector<BeatFeatures> of_beats(const std::vector<double>& beats, double duration) {
  BeatFeatureCollector collector(rate, bands, chroma_rate);
  collector.finish(beats, duration);
  return collector.features();
}

void check_gapless(const std::vector<BeatFeatures>& features, double duration) {
  double time = 0.0;
  for (const auto& f : features) {
    CHECK(f.time == doctest::Approx(time));
    CHECK(f.duration > 0.0);
    time = f.time + f.duration;
  }
  CHECK(time == doctest::Approx(duration));
}

}  // namespace

TEST_CASE("intervals lie from beat to beat, without gaps from 0 to the end") {
  const auto features = of_beats({0.3, 0.8, 1.3, 1.8}, 2.4);
  check_gapless(features, 2.4);
  REQUIRE(features.size() == 5);
  CHECK(features[0].beat == -1);
  for (int i = 0; i < 4; ++i) CHECK(features[static_cast<std::size_t>(i) + 1].beat == i);
  CHECK(features[1].time == 0.3);
  CHECK(features[4].duration == doctest::Approx(0.6));
}

TEST_CASE("half seconds stand in where there are no beats") {
  const auto none = of_beats({}, 10.1);
  check_gapless(none, 10.1);
  CHECK(none.size() == 20);
  for (const auto& f : none) CHECK(f.beat == -1);

  const auto hole = of_beats({1.0, 1.5, 6.1, 6.6}, 7.0);
  check_gapless(hole, 7.0);
  for (const auto& f : hole) CHECK(f.duration < 0.75);
  CHECK(std::count_if(hole.begin(), hole.end(), [](const BeatFeatures& f) { return f.beat >= 0; }) == 4);
}

TEST_CASE("beats out of order, before the begin or after the end are passed over, but counted") {
  const auto features = of_beats({-0.1, 0.5, 0.4, 1.0, 5.0}, 1.5);
  check_gapless(features, 1.5);
  REQUIRE(features.size() == 3);
  CHECK(features[1].beat == 1);
  CHECK(features[2].beat == 3);
}

TEST_CASE("nothing has no intervals") { CHECK(of_beats({}, 0.0).empty()); }

TEST_CASE("each interval holds the means of its own time") {
  BeatFeatureCollector collector(rate, bands, chroma_rate);
  add_steps(collector, 6);
  std::vector<double> beats;
  for (int i = 0; i < 6; ++i) beats.push_back(i);
  collector.finish(beats, 6.0);
  const auto& features = collector.features();
  REQUIRE(features.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    for (const float band : features[i].bands)
      CHECK(std::abs(band - static_cast<float>(i)) < 0.011);  // half a frame
    CHECK(features[i].chroma[i] > 0.94);                      // frames are centred: half of one reaches over
    CHECK(features[i].bass_share == doctest::Approx(5.0 / 8.0));
    CHECK(features[i].bass_chroma[i + 1] > 0.94);
    CHECK(features[i].onsets ==
          doctest::Approx(i == 0 ? 0.0 : 0.02).epsilon(0.3));  // two frames of a hundred rise by 1
  }
}

TEST_CASE("a sine's power is its own, and low only where it lies below 150 Hz") {
  for (const double hz : {50.0, 1500.0}) {
    BeatFeatureCollector collector(rate, bands, chroma_rate);
    collector.add_audio(analysis::signals::sine(4.0, rate, hz, 1.0));
    collector.finish(std::vector{0.0, 1.0, 2.0, 3.0}, 4.0);
    const auto& f = collector.features().at(2);
    CHECK(f.power_db == doctest::Approx(-3.01).epsilon(0.01));
    if (hz < 150.0)
      CHECK(f.low_db > -3.5);
    else
      CHECK(f.low_db < -40.0);
  }
}

TEST_CASE("silence is at the floor and has no pitch") {
  const auto features = of_beats({0.0, 0.5}, 1.0);
  REQUIRE(features.size() == 2);
  CHECK(features[1].power_db == -120.0F);
  for (const float pitch : features[1].chroma) CHECK(pitch == 0.0F);
}

TEST_CASE("how beats and frames are cut into calls changes nothing") {
  const std::vector<double> beats{0.9, 1.4, 1.9, 2.45, 8.2, 8.7, 9.2};
  const auto audio = analysis::signals::noise(12.0, rate, 0.5);
  BeatFeatureCollector whole(rate, bands, chroma_rate);
  whole.add_audio(audio);
  add_steps(whole, 12);
  whole.finish(beats, 12.0);

  BeatFeatureCollector pieces(rate, bands, chroma_rate);
  for (std::size_t i = 0; i < audio.size(); i += 777)
    pieces.add_audio(std::span(audio).subspan(i, std::min<std::size_t>(777, audio.size() - i)));
  add_steps(pieces, 12);
  std::size_t given = 0;
  for (double until = 0.25; until < 12.0; until += 0.25) {
    auto end = given;
    while (end < beats.size() && beats[end] < until) ++end;
    pieces.settle(std::span(beats).subspan(given, end - given), until);
    given = end;
  }
  pieces.finish({}, 12.0);

  REQUIRE(pieces.features().size() == whole.features().size());
  for (std::size_t i = 0; i < whole.features().size(); ++i) {
    const auto &a = whole.features()[i], &b = pieces.features()[i];
    CHECK(a.time == b.time);
    CHECK(a.duration == b.duration);
    CHECK(a.beat == b.beat);
    CHECK(a.bands == b.bands);
    CHECK(a.chroma == b.chroma);
    CHECK(a.power_db == b.power_db);
  }
}

TEST_CASE("too few bands are refused") {
  CHECK_THROWS_AS(BeatFeatureCollector(rate, 19, chroma_rate), sfa::Error);
  CHECK_THROWS_AS(BeatFeatureCollector(rate, bands, 0.0), sfa::Error);
}
