#include "sfa/slicing/pitch.hpp"

#include <doctest/doctest.h>

#include "signals.hpp"

using namespace sfa;
using namespace sfa::slicing;

TEST_CASE("the pitch of a string is its fundamental, at any sample rate") {
  for (const int hz : {8000, 22050, 44100, 48000, 96000, 192000}) {
    for (const double frequency : {55.0, 110.0, 196.0, 440.0, 880.0}) {
      CAPTURE(hz);
      CAPTURE(frequency);
      const auto pitch = steady_pitch(sawtooth(frequency, 0.4, SampleRate{hz}, 3500.0), SampleRate{hz});
      CHECK(std::abs(12.0 * std::log2(pitch.frequency_hz / frequency)) < 0.2);
      CHECK(pitch.aperiodicity < 0.1);
    }
  }
}

TEST_CASE("a missing fundamental is heard as if it were there") {
  const SampleRate rate{44100};
  auto sum = sine(400.0, 0.3, rate, 0.2);
  for (const double partial : {600.0, 800.0, 1000.0}) {
    const auto more = sine(partial, 0.3, rate, 0.2);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
  }
  CHECK(steady_pitch(sum, rate).frequency_hz == doctest::Approx(200.0).epsilon(0.005));
}

TEST_CASE("noise has no periodic pitch, and silence or too short a sound none at all") {
  const SampleRate rate{44100};
  CHECK(steady_pitch(noise(0.5, rate), rate).aperiodicity > 0.3);
  CHECK(steady_pitch(std::vector<float>(22050), rate).frequency_hz == 0.0);
  CHECK(steady_pitch(sine(440.0, 0.03, rate), rate).frequency_hz == 0.0);
  CHECK(steady_pitch({}, rate).frequency_hz == 0.0);
  CHECK(pitch_at(sine(440.0, 1.0, rate), rate, 44000).frequency_hz == 0.0);
}

TEST_CASE("notes are numbered as MIDI numbers them") {
  CHECK(midi_note(440.0) == 69);
  CHECK(midi_note(261.63) == 60);
  CHECK(midi_note(41.20) == 28);  // the lowest string of a bass
  CHECK(midi_note(1.0) == 0);
  CHECK(midi_note(1e6) == 127);
}
