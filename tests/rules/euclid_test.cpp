#include "sfa/rules/euclid.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

std::string shown(const rules::Euclid& rhythm) {
  std::string text;
  for (const bool pulse : rules::euclid(rhythm)) text += pulse ? 'x' : '.';
  return text;
}

}  // namespace

TEST_CASE("Euclidean rhythms are those of Toussaint's table") {
  struct Row {
    int pulses, steps;
    const char* pattern;
  };
  // Toussaint 2005, section 4, in his order.
  const Row table[] = {
      {2, 5, "x.x.."},
      {3, 4, "x.xx"},
      {3, 5, "x.x.x"},
      {3, 7, "x.x.x.."},
      {3, 8, "x..x..x."},
      {4, 7, "x.x.x.x"},
      {4, 9, "x.x.x.x.."},
      {4, 11, "x..x..x..x."},
      {5, 6, "x.xxxx"},
      {5, 7, "x.xx.xx"},
      {5, 8, "x.xx.xx."},
      {5, 9, "x.x.x.x.x"},
      {5, 11, "x.x.x.x.x.."},
      {5, 12, "x..x.x..x.x."},
      {5, 16, "x..x..x..x..x..."},
      {7, 8, "x.xxxxxx"},
      {7, 12, "x.xx.x.xx.x."},
      {7, 16, "x..x.x.x..x.x.x."},
      {9, 16, "x.xx.x.x.xx.x.x."},
      {11, 24, "x..x.x.x.x.x..x.x.x.x.x."},
      {13, 24, "x.xx.x.x.x.x.xx.x.x.x.x."},
  };
  for (const Row& row : table) CHECK(shown({row.pulses, row.steps, 0}) == row.pattern);
}

TEST_CASE("a Euclidean rhythm has its pulses and gaps that differ by one at most") {
  for (int steps = 1; steps <= 40; ++steps) {
    for (int pulses = 1; pulses <= steps; ++pulses) {
      const auto pattern = rules::euclid({pulses, steps, 0});
      REQUIRE(static_cast<int>(pattern.size()) == steps);
      REQUIRE(std::count(pattern.begin(), pattern.end(), true) == pulses);
      REQUIRE(pattern.front());
      int shortest = steps, longest = 0, gap = 0;
      for (int i = 1; i <= steps; ++i) {
        ++gap;
        if (!pattern[static_cast<std::size_t>(i % steps)]) continue;
        shortest = std::min(shortest, gap);
        longest = std::max(longest, gap);
        gap = 0;
      }
      CHECK(longest - shortest <= 1);
    }
  }
}

TEST_CASE("rotation begins the rhythm later") {
  CHECK(shown({3, 8, 3}) == "x..x.x..");
  CHECK(shown({3, 8, 1}) == "..x..x.x");
}

TEST_CASE("a Euclidean rhythm refuses what cannot be") {
  CHECK_THROWS_AS((void)rules::euclid({0, 8, 0}), Error);
  CHECK_THROWS_AS((void)rules::euclid({9, 8, 0}), Error);
  CHECK_THROWS_AS((void)rules::euclid({1, 0, 0}), Error);
  CHECK_THROWS_AS((void)rules::euclid({1, 2000, 0}), Error);
  CHECK_THROWS_AS((void)rules::euclid({3, 8, 8}), Error);
  CHECK_THROWS_AS((void)rules::euclid({3, 8, -1}), Error);
}
