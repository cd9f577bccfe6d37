#include "sfa/analysis/beat.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sfa/analysis/beat_activation.hpp"
#include "sfa/audio/error.hpp"
#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

BeatTrack beats_of(const std::vector<float>& samples, SampleRate rate) {
  return track_beats(beat_activation(band_spectrogram(samples, rate)));
}

/// The distance from each true beat to the nearest found one, at its worst.
double worst_miss(const BeatTrack& track, double bpm, double first, double end) {
  double worst = 0.0;
  for (int i = 0; first + i * 60.0 / bpm < end - 1e-6; ++i) {
    const double time = first + i * 60.0 / bpm;
    double nearest = 1e9;
    for (const auto& beat : track.beats) nearest = std::min(nearest, std::abs(beat.time - time));
    worst = std::max(worst, nearest);
  }
  return worst;
}

}  // namespace

TEST_CASE("the beats of a metronome are found within 20 ms and its tempo within 0.5") {
  const SampleRate rate{44100};
  for (const double bpm : {62.0, 75.0, 90.0, 100.0, 120.0, 128.0, 140.0, 150.0}) {
    for (const double first : {0.0, 0.317}) {
      CAPTURE(bpm);
      CAPTURE(first);
      const auto track = beats_of(signals::clicks(20.0, rate, bpm, first), rate);
      CHECK(std::abs(track.tempo.bpm - bpm) < 0.5);
      CHECK(worst_miss(track, bpm, first, 20.0) < 0.02);
      CHECK(track.beats.size() == static_cast<std::size_t>(std::ceil((20.0 - first) * bpm / 60.0)));
      CHECK(track.tempo.confidence > 0.5);
    }
  }
}

TEST_CASE("a metronome has the same beats at any sample rate") {
  for (const int hz : {8000, 11025, 22050, 32000, 48000, 96000, 192000}) {
    CAPTURE(hz);
    const auto track = beats_of(signals::clicks(12.0, {hz}, 110.0, 0.2), {hz});
    CHECK(std::abs(track.tempo.bpm - 110.0) < 0.5);
    CHECK(worst_miss(track, 110.0, 0.2, 12.0) < 0.02);
  }
}

TEST_CASE("a tempo that rises is followed") {
  const SampleRate rate{44100};
  auto samples = signals::silence(40.0, rate);
  std::vector<double> times;
  for (double time = 0.3, interval = 0.6; time < 39.5; time += interval, interval *= 0.998) {
    times.push_back(time);
    signals::add_ping(samples, rate, time, 200.0, 0.5, 0.05);
  }
  const auto track = beats_of(samples, rate);
  int found = 0;
  for (const double time : times)
    found += std::ranges::any_of(track.beats, [&](const Beat& beat) { return std::abs(beat.time - time) < 0.03; });
  CHECK(found >= static_cast<int>(times.size()) - 2);
  CHECK(std::abs(static_cast<int>(track.beats.size()) - static_cast<int>(times.size())) <= 2);
}

TEST_CASE("beats hold through a bar of silence and end with the music") {
  const SampleRate rate{44100};
  auto samples = signals::clicks(24.0, rate, 120.0);
  std::fill(samples.begin() + 44100 * 10, samples.begin() + 44100 * 12, 0.0F);
  samples.resize(44100 * 40);
  const auto track = beats_of(samples, rate);
  CHECK(worst_miss(track, 120.0, 0.0, 24.0) < 0.06);
  REQUIRE(!track.beats.empty());
  CHECK(track.beats.back().time < 24.5);
}

TEST_CASE("silence, noise, a steady tone and a single hit have no beats") {
  const SampleRate rate{44100};
  CHECK(track_beats({}).beats.empty());
  for (const auto& samples : {signals::silence(10.0, rate), std::vector<float>(1, 1.0F),
                              signals::noise(20.0, rate, 0.5), signals::noise(5.0, rate, 0.1, 7), signals::sine(20.0, rate, 440.0, 0.5),
                              std::vector<float>(44100 * 5, 0.25F)}) {
    const auto track = beats_of(samples, rate);
    CHECK(track.tempo.bpm == 0.0);
    CHECK(track.tempo.confidence == 0.0);
    CHECK(track.beats.empty());
  }
  auto hit = signals::silence(0.7, rate);
  signals::add_ping(hit, rate, 0.0, 100.0, 0.8, 0.1);
  CHECK(beats_of(hit, rate).beats.empty());
}

TEST_CASE("onsets at random have a tempo of little confidence, if any") {
  const SampleRate rate{44100};
  auto samples = signals::silence(60.0, rate);
  Random random(3);
  for (double time = 0.1; time < 59.0; time -= std::log(1.0 - random.uniform()) / 3.0)
    signals::add_ping(samples, rate, time, 800.0, 0.5, 0.02);
  CHECK(beats_of(samples, rate).tempo.confidence < 0.25);
}

TEST_CASE("beats are in order and confidences are from 0 to 1") {
  const SampleRate rate{44100};
  auto samples = signals::clicks(15.0, rate, 97.0);
  const auto hiss = signals::noise(15.0, rate, 0.02);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += hiss[i];
  const auto track = beats_of(samples, rate);
  REQUIRE(track.beats.size() > 10);
  for (std::size_t i = 0; i < track.beats.size(); ++i) {
    CHECK((track.beats[i].confidence >= 0.0 && track.beats[i].confidence <= 1.0));
    if (i > 0) CHECK(track.beats[i].time > track.beats[i - 1].time);
  }
}

TEST_CASE("tracking can be cancelled") {
  const std::vector<float> activation(50000, 0.5F);
  CHECK_THROWS_AS((void)track_beats(activation, [](double) { return false; }), Error);
}
