#include "sfa/analysis/key.hpp"

#include <doctest/doctest.h>

#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

const SampleRate rate{44100};

void add_note(std::vector<float>& samples, double time, double duration, int midi_note) {
  const double hz = 440.0 * std::exp2((midi_note - 69) / 12.0);
  const auto from = static_cast<std::size_t>(time * rate.hz);
  const auto to = std::min(samples.size(), static_cast<std::size_t>((time + duration) * rate.hz));
  for (std::size_t i = from; i < to; ++i) {
    const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(i - from) / rate.hz;
    for (int h = 1; h <= 5; ++h) samples[i] += static_cast<float>(0.08 / h * std::sin(h * phase));
  }
}

/// A cadence of triads, over and over: I IV V I in major, i iv V i (harmonic) in minor.
std::vector<float> cadence(int tonic, bool minor) {
  auto samples = signals::silence(16.0, rate);
  const int third = minor ? 3 : 4;
  const int chords[4][3] = {{0, third, 7}, {5, 5 + third, 12}, {7, 11, 14}, {0, third, 7}};
  for (int i = 0; i < 16; ++i) {
    for (const int note : chords[i % 4]) add_note(samples, i, 1.0, 60 + tonic + note);
    add_note(samples, i, 1.0, 48 + tonic + chords[i % 4][0]);
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
    for (const int step : {0, 2, 4, 5, 7, 9, 11, 12}) add_note(samples, time, 1.0, 60 + tonic + step), time += 1.0;
    add_note(samples, time, 1.0, 60 + tonic);
    const auto key = find_key(chroma(samples, rate));
    CHECK(key.tonic == tonic);
    CHECK(!key.minor);
  }
}

TEST_CASE("silence, noise and all twelve notes alike have no key") {
  auto cluster = signals::silence(4.0, rate);
  for (int note = 60; note < 72; ++note) add_note(cluster, 0.0, 4.0, note);
  for (const auto& samples : {signals::silence(4.0, rate), signals::noise(10.0, rate, 0.5), cluster}) {
    const auto key = find_key(chroma(samples, rate));
    CHECK(key.tonic == -1);
    CHECK(key.name == "none");
    CHECK(key.camelot.empty());
    CHECK(key.confidence == 0.0);
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
