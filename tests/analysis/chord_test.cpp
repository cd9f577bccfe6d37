#include "sfa/analysis/chord.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tones.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

const SampleRate rate{22050};

struct Played {
  int root;
  bool minor;
};

/// Each for two seconds.
std::vector<float> play(const std::vector<Played>& chords) {
  auto samples = signals::silence(2.0 * static_cast<double>(chords.size()), rate);
  double time = 0.0;
  for (const auto& chord : chords) {
    tones::add_triad(samples, rate, time, 2.0, chord.root, chord.minor);
    time += 2.0;
  }
  return samples;
}

}  // namespace

TEST_CASE("all twenty-four triads are heard, each where it sounds") {
  std::vector<Played> chords;
  for (int i = 0; i < 24; ++i) chords.push_back({i * 5 % 12, i % 2 == 1 ? i < 12 : i >= 12});
  const auto found = find_chords(tones::beat_features(play(chords), rate, 0.5));
  REQUIRE(found.size() == chords.size());
  for (std::size_t i = 0; i < chords.size(); ++i) {
    CHECK(found[i].root == chords[i].root);
    CHECK(found[i].minor == chords[i].minor);
    CHECK(found[i].name == chord_name(chords[i].root, chords[i].minor));
    CHECK(found[i].time == doctest::Approx(2.0 * static_cast<double>(i)));
    CHECK(found[i].duration == doctest::Approx(2.0));
    CHECK(found[i].confidence > 0.5);
    CHECK(found[i].confidence <= 1.0);
  }
}

TEST_CASE("a chord that sounds on and on is one, also below drums and in another tuning") {
  auto samples = signals::silence(8.0, rate);
  for (const double note : {57.3, 60.3, 64.3, 45.3}) tones::add_note(samples, rate, 0.0, 8.0, note);
  tones::add_drums(samples, rate, 0.5, 0.2);
  const auto chords = find_chords(tones::beat_features(samples, rate, 0.5));
  REQUIRE(chords.size() == 1);
  CHECK(chords[0].name == "Am");
  CHECK(chords[0].duration == doctest::Approx(8.0));
}

TEST_CASE("drums, noise and silence have no chord") {
  auto drums = signals::silence(10.0, rate);
  tones::add_drums(drums, rate, 0.5, 0.5);
  for (const auto& samples : {drums, signals::noise(10.0, rate, 0.3), signals::silence(10.0, rate)}) {
    double without = 0.0;
    for (const auto& chord : find_chords(tones::beat_features(samples, rate, 0.5))) {
      CHECK((chord.name == "N") == (chord.root == -1));
      if (chord.root < 0) without += chord.duration;
    }
    CHECK(without >= 9.0);
  }
  CHECK(find_chords({}).empty());
}

TEST_CASE("silence before a chord is told from it") {
  auto samples = signals::silence(8.0, rate);
  tones::add_triad(samples, rate, 4.0, 4.0, 2, false);
  const auto chords = find_chords(tones::beat_features(samples, rate, 0.5));
  REQUIRE(chords.size() == 2);
  CHECK(chords[0].name == "N");
  CHECK(chords[1].name == "D");
  CHECK(std::abs(chords[1].time - 4.0) <= 0.5);  // the windows of its beginning reach before it
}
