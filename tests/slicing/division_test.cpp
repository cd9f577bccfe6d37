#include "sfa/slicing/division.hpp"

#include <doctest/doctest.h>

using namespace sfa::slicing;

namespace {

std::vector<double> times(const Grid& grid, const char* text, int beats_per_bar = 4) {
  return division_times(grid, division(text).value(), beats_per_bar);
}

}  // namespace

TEST_CASE("words for divisions of a grid") {
  CHECK(division("beats")->parts == 1);
  CHECK(division("1/4")->parts == 1);
  CHECK(division("1/16")->parts == 4);
  CHECK(division("sixteenths")->parts == 4);
  CHECK(division("triplets")->parts == 3);
  CHECK(division("1/2")->count == 2);
  CHECK(division("4bars")->count == 4);
  CHECK(division("4bars")->unit == Division::Unit::bars);
  for (const char* wrong : {"", "1/", "1/3", "1/0", "1/-4", "0bars", "65bars", "-1beats", "1.5bars", "beat", "16", "1/1000"})
    CHECK_FALSE(division(wrong));
}

TEST_CASE("an even grid begins its bars at the offset and reaches back to the begin") {
  const auto grid = even_grid(120.0, 1.25, 4, 4.0);
  CHECK(grid.beats == std::vector<double>{0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75});
  CHECK(grid.downbeats == std::vector<double>{1.25, 3.25});
  CHECK(even_grid(60.0, 0.0, 3, 7.0).downbeats == std::vector<double>{0.0, 3.0, 6.0});
  CHECK(even_grid(60.0, 0.0, 4, 0.0).beats.empty());
}

TEST_CASE("beats are divided evenly, also where they are not even") {
  const Grid grid{0.0, {1.0, 2.0, 4.0}, {}};
  CHECK(times(grid, "beats") == grid.beats);
  CHECK(times(grid, "1/8") == std::vector<double>{1.0, 1.5, 2.0, 3.0, 4.0, 5.0});  // the last as long as the one before
  CHECK(times(grid, "2beats") == std::vector<double>{1.0, 4.0});
  CHECK(times({0.0, {1.0}, {}}, "1/8") == std::vector<double>{1.0});
  CHECK(times({}, "1/8").empty());
}

TEST_CASE("bars are those that are known, else counted from the first beat") {
  const Grid counted{120.0, {0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0}, {}};
  CHECK(times(counted, "bars") == std::vector<double>{0.0, 2.0});
  CHECK(times(counted, "bars", 3) == std::vector<double>{0.0, 1.5, 3.0});
  const Grid known{120.0, counted.beats, {0.5, 2.5}};
  CHECK(times(known, "bars") == std::vector<double>{0.5, 2.5});
  CHECK(times(known, "2bars") == std::vector<double>{0.5});
}
