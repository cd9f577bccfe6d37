#include "sfa/analysis/beat.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

BeatTrack beats_of(const std::vector<float>& samples, SampleRate rate) {
  return track_beats(band_spectrogram(samples, rate), {},
                     static_cast<double>(samples.size()) / static_cast<double>(rate.hz));
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
  for (const double bpm : {50.0, 62.0, 75.0, 90.0, 100.0, 120.0, 128.0, 140.0, 150.0, 174.0, 200.0, 225.0}) {
    for (const double first : {0.0, 0.317}) {
      CAPTURE(bpm);
      CAPTURE(first);
      const auto track = beats_of(signals::clicks(20.0, rate, bpm, first), rate);
      CHECK(std::abs(track.tempo.bpm - bpm) < 0.5);
      CHECK(worst_miss(track, bpm, first, 20.0) < 0.02);
      CHECK(track.beats.size() == static_cast<std::size_t>(std::ceil((20.0 - first) * bpm / 60.0)));
      if (bpm >= 60.0) CHECK(track.tempo.confidence > 0.5);
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

TEST_CASE("onsets and notes at random have no tempo") {
  const SampleRate rate{44100};
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    auto samples = signals::silence(30.0, rate);
    Random random(seed);
    const double often = random.uniform(1.5, 6.0);
    for (double time = 0.1; time < 29.0; time -= std::log(1.0 - random.uniform()) / often) {
      const double hz = seed % 2 == 0 ? 800.0 : 110.0 * std::exp2(std::floor(random.uniform(0.0, 36.0)) / 12.0);
      signals::add_ping(samples, rate, time, hz, random.uniform(0.1, 0.5), seed % 2 == 0 ? 0.02 : 0.2);
    }
    const auto track = beats_of(samples, rate);
    CHECK(track.tempo.bpm == 0.0);
    CHECK(track.beats.empty());
  }
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

TEST_CASE("beats pause with the music and come back with it") {
  const SampleRate rate{22050};
  auto samples = signals::clicks(20.0, rate, 100.0);
  const auto more = signals::clicks(20.0, rate, 100.0, 0.4);
  samples.resize(samples.size() + 22050 * 15);
  samples.insert(samples.end(), more.begin(), more.end());
  const auto track = beats_of(samples, rate);
  REQUIRE(track.beats.size() > 60);
  for (const auto& beat : track.beats) CHECK((beat.time < 21.0 || beat.time > 34.5));
  CHECK(std::abs(track.tempo.bpm - 100.0) < 0.5);
}

TEST_CASE("a range of tempos is kept to") {
  const SampleRate rate{22050};
  const auto bands = band_spectrogram(signals::clicks(20.0, rate, 140.0), rate);
  CHECK(std::abs(track_beats(bands).tempo.bpm - 140.0) < 0.5);
  CHECK(std::abs(track_beats(bands, {50.0, 80.0}).tempo.bpm - 70.0) < 0.5);
  CHECK(std::abs(track_beats(bands, {250.0, 300.0}).tempo.bpm - 280.0) < 1.0);
  CHECK(std::abs(track_beats(bands, {138.0, 145.0}).tempo.bpm - 140.0) < 0.5);
  for (const BeatOptions bad : {BeatOptions{10.0, 100.0}, BeatOptions{100.0, 500.0}, BeatOptions{100.0, 102.0},
                                BeatOptions{150.0, 100.0}})
    CHECK_THROWS_AS((void)track_beats(bands, bad), Error);
  CHECK_THROWS_AS(BeatTracker(100), Error);
}

TEST_CASE("a loop's tempo is a whole number of beats in its length") {
  const SampleRate rate{44100};
  for (const auto& [bpm, beats] : {std::pair{87.3, 8}, {120.0, 4}, {127.7, 16}, {172.4, 16}}) {
    CAPTURE(bpm);
    const double seconds = beats * 60.0 / bpm;
    auto samples = signals::silence(seconds, rate);
    for (int k = 0; k < beats; ++k) {
      signals::add_ping(samples, rate, k * 60.0 / bpm, k % 2 == 0 ? 60.0 : 220.0, 0.6, 0.05);
      signals::add_ping(samples, rate, (k + 0.5) * 60.0 / bpm, 6000.0, 0.1, 0.01);
    }
    const auto track = beats_of(samples, rate);
    CHECK(track.tempo.bpm == doctest::Approx(60.0 * beats / (static_cast<double>(samples.size()) / rate.hz)));
    CHECK(track.tempo.steady);
    REQUIRE(track.beats.size() == static_cast<std::size_t>(beats));
    REQUIRE(track.grid.size() == 1);
    CHECK(track.grid[0].beats == beats);
    CHECK(track.beats[0].position == 1);
    CHECK(track.meter.beats_per_bar == 4);
  }
}

TEST_CASE("a loop that is cut beside its downbeat has its beats on its grid all the same") {
  const SampleRate rate{44100};
  for (const double shift : {-0.1, -0.03, 0.03, 0.1}) {
    CAPTURE(shift);
    auto samples = signals::silence(4.0, rate);  // 8 beats at 120
    for (int k = 0; k < 8; ++k) {
      signals::add_ping(samples, rate, k * 0.5, k % 2 == 0 ? 60.0 : 220.0, 0.6, 0.05);
      signals::add_ping(samples, rate, (k + 0.5) * 0.5, 6000.0, 0.1, 0.01);
    }
    const auto by = static_cast<std::ptrdiff_t>(std::lround(shift * rate.hz));
    std::ranges::rotate(samples, by > 0 ? samples.end() - by : samples.begin() - by);
    const auto track = beats_of(samples, rate);
    CHECK(track.tempo.bpm == doctest::Approx(120.0));
    REQUIRE(track.grid.size() == 1);
    REQUIRE(track.beats.size() == 8);
    CHECK(track.beats[0].position == track.grid[0].first_position);
    for (std::size_t k = 0; k < 8; ++k) {
      const double on_grid = track.grid[0].time + static_cast<double>(k) * 0.5;
      CHECK(track.beats[k].time == doctest::Approx(std::max(0.0, on_grid)).epsilon(1e-9));
      CHECK(std::abs(std::remainder(on_grid - shift, 0.5)) < 0.02);
    }
  }
}

TEST_CASE("swung eighths are told from straight ones") {
  const SampleRate rate{44100};
  for (const double swing : {0.5, 0.6, 0.667}) {
    CAPTURE(swing);
    auto samples = signals::silence(30.2, rate);
    for (double beat = 0.0; beat < 50.0; beat += 1.0) {
      signals::add_ping(samples, rate, 0.1 + beat * 0.6, 80.0, 0.7, 0.05);
      signals::add_ping(samples, rate, 0.1 + beat * 0.6, 5000.0, 0.1, 0.02);
      signals::add_ping(samples, rate, 0.1 + (beat + swing) * 0.6, 5000.0, 0.1, 0.02);
    }
    const auto track = track_beats(band_spectrogram(samples, rate), {70.0, 140.0});
    CHECK(std::abs(track.tempo.bpm - 100.0) < 0.5);
    CHECK(std::abs(track.tempo.swing - swing) < 0.03);
  }
  CHECK(beats_of(signals::clicks(20.0, rate, 100.0, 0.2), rate).tempo.swing == 0.5);
}

namespace {

/// A frame that sounds over the whole spectrum, or one of silence.
std::vector<float> frame_of(bool sounds) { return std::vector<float>(140, sounds ? 1.0F : 0.0F); }

}  // namespace

TEST_CASE("windows join without a gap or a double, and beats get settled as they come") {
  BeatTracker tracker(140);
  constexpr Frames frames = 1500 * 100;
  std::size_t settled = 0;
  std::vector<Beat> so_far;
  for (Frames i = 0; i < frames; ++i) {
    tracker.add(frame_of(i % 53 < 4));
    if (tracker.settled().size() == settled) continue;
    CHECK(tracker.settled().back().time < tracker.settled_until());
    settled = tracker.settled().size();
    so_far.assign(tracker.settled().begin(), tracker.settled().end());
  }
  CHECK(tracker.settled_until() > 800.0);
  const auto track = tracker.finish();
  CHECK(std::abs(track.tempo.bpm - 6000.0 / 53.0) < 0.01);
  for (std::size_t i = 1; i < track.beats.size(); ++i)
    CHECK(std::abs(track.beats[i].time - track.beats[i - 1].time - 0.53) < 0.021);
  CHECK(track.beats.back().time > 1499.0);
  REQUIRE(so_far.size() > 1000);
  for (std::size_t i = 0; i < so_far.size(); ++i) CHECK(so_far[i].time == track.beats[i].time);
}

TEST_CASE("tracking can be cancelled") {
  const auto bands = band_spectrogram(signals::clicks(20.0, {22050}, 100.0), {22050});
  CHECK_THROWS_AS((void)track_beats(bands, {}, 0.0, [](double) { return false; }), Error);
}
