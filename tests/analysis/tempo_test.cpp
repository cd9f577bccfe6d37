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

TEST_CASE("even beats are one line, and steady") {
  const auto even = beats(97.3, 400);
  const auto grid = fit_grid(even);
  REQUIRE(grid.size() == 1);
  CHECK(grid[0].bpm == doctest::Approx(97.3));
  CHECK(grid[0].time == doctest::Approx(0.5));
  CHECK(grid[0].beats == 399);
  CHECK(is_steady(even));
  CHECK(std::abs(tempo_drift_percent(even)) < 1e-6);
}

TEST_CASE("beats scattered by people's 10 ms are still one line and steady") {
  Random random(5);
  auto played = beats(120.0, 1500);
  for (auto& beat : played) beat.time += 0.01 * (random.uniform() + random.uniform() - 1.0) * 2.4;
  CHECK(fit_grid(played).size() == 1);
  CHECK(is_steady(played));
  CHECK(std::abs(steady_tempo(played) - 120.0) < 0.01);
}

TEST_CASE("a change of tempo is a second line that begins where the first ends") {
  auto changing = beats(100.0, 41);
  for (int i = 1; i <= 40; ++i) changing.push_back({changing[40].time + i * 0.5, 1.0});
  for (std::size_t i = 0; i < changing.size(); ++i) changing[i].position = static_cast<int>(i % 4) + 1;
  const auto grid = fit_grid(changing);
  REQUIRE(grid.size() == 2);
  CHECK(grid[0].bpm == doctest::Approx(100.0));
  CHECK(grid[0].beats == 40);
  CHECK(grid[1].bpm == doctest::Approx(120.0));
  CHECK(grid[1].beats == 40);
  CHECK(grid[1].first_position == 1);
  CHECK(!is_steady(changing));
}

TEST_CASE("a pause is spanned by no line; a click that goes on through it is steady") {
  auto paused = beats(120.0, 20);
  for (const auto& beat : beats(120.0, 20, 0.5 + 40 * 0.5)) paused.push_back(beat);
  const auto grid = fit_grid(paused);
  REQUIRE(grid.size() == 2);
  CHECK(grid[0].beats == 19);
  CHECK(grid[1].beats == 19);
  CHECK(is_steady(paused));
}

TEST_CASE("a tempo that rises by a tenth has a drift of ten percent") {
  std::vector<Beat> rising{{1.0, 1.0}};
  for (int i = 0; i < 100; ++i) rising.push_back({rising.back().time + 0.6 / (1.0 + 0.001 * (i + 0.5)), 1.0});
  CHECK(std::abs(tempo_drift_percent(rising) - 10.0) < 0.5);
  CHECK(!is_steady(rising));
  CHECK(fit_grid(rising).size() > 1);
}

TEST_CASE("few beats have a grid where they can, and are never steady") {
  CHECK(fit_grid({}).empty());
  CHECK(fit_grid(beats(100.0, 1)).empty());
  CHECK(fit_grid(beats(100.0, 2)).size() == 1);
  CHECK(fit_grid(std::vector<Beat>(5, Beat{1.0, 1.0})).empty());
  CHECK(!is_steady(beats(100.0, 7)));
  CHECK(tempo_drift_percent(beats(100.0, 1)) == 0.0);
}
