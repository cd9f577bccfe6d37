#include "sfa/analysis/bars.hpp"

#include <doctest/doctest.h>

#include "form.hpp"

namespace analysis = sfa::analysis;
namespace form = sfa::analysis::form;

TEST_CASE("bars go from downbeat to downbeat and are counted from 0") {
  const auto song = form::make({{'A', 5}}, 3);
  const auto bars = song.bars();
  REQUIRE(bars.size() == 5);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    CHECK(bars[i].known);
    CHECK(bars[i].number == static_cast<int>(i));
    CHECK(bars[i].end - bars[i].begin == 3);
    CHECK(bars[i].time == doctest::Approx(1.5 * static_cast<double>(i)));
    CHECK(bars[i].duration == doctest::Approx(1.5));
    CHECK(bars[i].power_db == doctest::Approx(-20.0).epsilon(0.05));
  }
}

TEST_CASE("blocks of four intervals stand in for bars that are not known") {
  auto song = form::make({{'A', 4}}, 0);
  for (const auto& bar : song.bars()) {
    CHECK_FALSE(bar.known);
    CHECK(bar.end - bar.begin == 4);
    CHECK(bar.number == 0);
  }
  for (auto& f : song.features) f.beat = -1;
  CHECK(song.bars().size() == 4);
}

TEST_CASE("beats before the first downbeat are a block of their own") {
  auto song = form::make({{'A', 2}});
  song.beats[0].position = 3;
  song.beats[1].position = 4;
  song.beats[2].position = 1;
  song.beats[3].position = 2;
  const auto bars = song.bars();
  REQUIRE(bars.size() >= 2);
  CHECK_FALSE(bars[0].known);
  CHECK(bars[0].end == 2);
  CHECK(bars[1].known);
  CHECK(bars[1].number == 0);
}

TEST_CASE("no features, no bars") { CHECK(analysis::find_bars({}, {}).empty()); }
