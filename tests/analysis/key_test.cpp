#include "sfa/analysis/key.hpp"

#include <doctest/doctest.h>

#include "tones.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

const SampleRate rate{44100};

/// A cadence of triads, over and over: I IV V I in major, i iv V i (harmonic) in minor.
std::vector<float> cadence(int tonic, bool minor) {
  auto samples = signals::silence(16.0, rate);
  const int third = minor ? 3 : 4;
  const int chords[4][3] = {{0, third, 7}, {5, 5 + third, 12}, {7, 11, 14}, {0, third, 7}};
  for (int i = 0; i < 16; ++i) {
    for (const int note : chords[i % 4]) tones::add_note(samples, rate, i, 1.0, 60 + tonic + note);
    tones::add_note(samples, rate, i, 1.0, 48 + tonic + chords[i % 4][0]);
  }
  return samples;
}

}  // namespace

TEST_CASE("a cadence is heard in its key") {
  for (int tonic = 0; tonic < 12; ++tonic)
    for (const bool minor : {false, true}) {
      CAPTURE(tonic);
      CAPTURE(minor);
      const auto key = find_key(chroma(cadence(tonic, minor), rate));
      CHECK(key.tonic == tonic);
      CHECK(key.minor == minor);
      CHECK(key.confidence > 0.3);
    }
}

TEST_CASE("a major scale that dwells on its tonic is heard in its key") {
  for (const int tonic : {0, 3, 7, 10}) {
    auto samples = signals::silence(9.0, rate);
    double time = 0.0;
    for (const int step : {0, 2, 4, 5, 7, 9, 11, 12}) {
      tones::add_note(samples, rate, time, 1.0, 60 + tonic + step);
      time += 1.0;
    }
    tones::add_note(samples, rate, time, 1.0, 60 + tonic);
    const auto key = find_key(chroma(samples, rate));
    CHECK(key.tonic == tonic);
    CHECK(!key.minor);
  }
}

TEST_CASE("silence, noise and all twelve notes alike have no key") {
  auto cluster = signals::silence(4.0, rate);
  for (int note = 60; note < 72; ++note) tones::add_note(cluster, rate, 0.0, 4.0, note);
  for (const auto& samples : {signals::silence(4.0, rate), signals::noise(10.0, rate, 0.5), cluster}) {
    const auto key = find_key(chroma(samples, rate));
    CHECK(key.tonic == -1);
    CHECK(key.name == "none");
    CHECK(key.camelot.empty());
    CHECK(key.confidence == 0.0);
  }
}

TEST_CASE("a note alone has no key, and notes at random hardly one") {
  for (const int note : {33, 57, 69}) {
    auto alone = signals::silence(8.0, rate);
    tones::add_note(alone, rate, 0.0, 8.0, note);
    CHECK(find_key(chroma(alone, rate)).name == "none");
  }
  auto notes = signals::silence(30.0, rate);
  Random random(11);
  for (double time = 0.0; time < 29.0; time += 0.2)
    tones::add_note(notes, rate, time, 0.5, 36 + static_cast<int>(random.uniform(0.0, 48.0)));
  CHECK(find_key(chroma(notes, rate)).confidence < 0.5);
}

TEST_CASE("drums have no key, or next to none") {
  auto drums = signals::silence(20.0, rate);
  tones::add_drums(drums, rate, 0.5, 0.5);
  Chroma whole;
  const auto features = tones::beat_features(drums, rate, 0.5, &whole);
  const auto keys = find_keys(whole, features);
  CHECK(keys.key.confidence < 0.1);
  if (keys.key.tonic < 0) CHECK(keys.spans.empty());
}

TEST_CASE("the second best key is another, and less likely") {
  const auto keys = find_keys(chroma(cadence(4, false), rate));
  REQUIRE(keys.runner_up);
  CHECK(keys.runner_up->name != keys.key.name);
  CHECK(keys.runner_up->confidence < keys.key.confidence);
  CHECK(keys.runner_up->tonic >= 0);
  CHECK(!find_keys(Chroma{}).runner_up);
}

TEST_CASE("a song in one key has one span of it") {
  Chroma whole;
  const auto features = tones::beat_features(cadence(9, true), rate, 0.5, &whole);
  const auto keys = find_keys(whole, features);
  REQUIRE(keys.spans.size() == 1);
  CHECK(keys.spans[0].time == 0.0);
  CHECK(keys.spans[0].duration == doctest::Approx(16.0));
  CHECK(keys.spans[0].key.name == "A minor");
  CHECK(keys.key.name == "A minor");
}

TEST_CASE("a last chorus one or two steps up is heard as a modulation, a bar elsewhere is not") {
  for (const int step : {1, 2}) {
    CAPTURE(step);
    std::vector<float> song;
    for (const int tonic : {7, 7, 7 + step})
      for (const float sample : cadence(tonic, false)) song.push_back(sample);
    Chroma whole;
    const auto features = tones::beat_features(song, rate, 0.5, &whole);
    const auto keys = find_keys(whole, features);
    CHECK(keys.key.name == "G major");
    REQUIRE(keys.spans.size() == 2);
    CHECK(keys.spans[0].key.tonic == 7);
    CHECK(keys.spans[1].key.tonic == 7 + step);
    CHECK(std::abs(keys.spans[1].time - 32.0) <= 2.0);
    CHECK(keys.spans[1].time + keys.spans[1].duration == doctest::Approx(48.0));
  }
  auto song = cadence(7, false);
  song.resize(song.size() + song.size());
  std::copy_n(song.begin(), song.size() / 2, song.begin() + static_cast<std::ptrdiff_t>(song.size() / 2));
  std::fill(song.begin() + 16 * rate.hz, song.begin() + 18 * rate.hz, 0.0F);
  tones::add_triad(song, rate, 16.0, 2.0, 8, false);
  Chroma whole;
  const auto features = tones::beat_features(song, rate, 0.5, &whole);
  CHECK(find_keys(whole, features).spans.size() == 1);
}

TEST_CASE("keys have the places on the Open Key wheel that DJs know") {
  // The published wheel, all twenty-four.
  const char* const major[] = {"1d", "8d", "3d", "10d", "5d", "12d", "7d", "2d", "9d", "4d", "11d", "6d"};
  const char* const minor[] = {"10m", "5m", "12m", "7m", "2m", "9m", "4m", "11m", "6m", "1m", "8m", "3m"};
  for (int tonic = 0; tonic < 12; ++tonic) {
    CHECK(open_key(tonic, false) == major[tonic]);
    CHECK(open_key(tonic, true) == minor[tonic]);
  }
}

TEST_CASE("keys have the places on the Camelot wheel that DJs know") {
  // The published wheel, all twenty-four.
  const char* const major[] = {"8B", "3B", "10B", "5B", "12B", "7B", "2B", "9B", "4B", "11B", "6B", "1B"};
  const char* const minor[] = {"5A", "12A", "7A", "2A", "9A", "4A", "11A", "6A", "1A", "8A", "3A", "10A"};
  for (int tonic = 0; tonic < 12; ++tonic) {
    CHECK(camelot(tonic, false) == major[tonic]);
    CHECK(camelot(tonic, true) == minor[tonic]);
  }
  CHECK(key_name(9, true) == "A minor");
  CHECK(key_name(3, false) == "Eb major");
}
