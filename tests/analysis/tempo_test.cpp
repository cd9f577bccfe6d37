#include "sfa/analysis/tempo.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

std::vector<Beat> beats(double bpm, int count, double first = 0.5) {
  std::vector<Beat> result;
  for (int i = 0; i < count; ++i) result.push_back({first + i * 60.0 / bpm, 1.0});
  return result;
}

}  // namespace

TEST_CASE("the tempo of even beats is exact") {
  for (const double bpm : {50.0, 97.3, 120.0, 174.0}) CHECK(steady_tempo(beats(bpm, 30)) == doctest::Approx(bpm));
}

TEST_CASE("fewer than two beats have no tempo") {
  CHECK(steady_tempo({}) == 0.0);
  CHECK(steady_tempo(beats(100.0, 1)) == 0.0);
  CHECK(steady_tempo(beats(100.0, 2)) == doctest::Approx(100.0));
}

TEST_CASE("beats rounded to hundredths of a second still give the tempo to a hundredth") {
  auto rounded = beats(127.3, 200);
  for (auto& beat : rounded) beat.time = std::round(beat.time * 100.0) / 100.0;
  CHECK(std::abs(steady_tempo(rounded) - 127.3) < 0.01);
}

TEST_CASE("a pause, a missed and a doubled beat do not bend the tempo") {
  auto broken = beats(120.0, 40);
  for (const auto& beat : beats(120.0, 40, 33.21)) broken.push_back(beat);
  broken.erase(broken.begin() + 10);
  broken.insert(broken.begin() + 20, {broken[19].time + 0.25, 1.0});
  CHECK(std::abs(steady_tempo(broken) - 120.0) < 0.1);
}

TEST_CASE("beats that all fall on one moment have no tempo") {
  CHECK(steady_tempo(std::vector<Beat>(5, Beat{1.0, 1.0})) == 0.0);
}
