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
