#include "sfa/separation/band_layout.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::separation;

TEST_CASE("bands cover all bins once, in order") {
  for (int bins = 2; bins <= 130; ++bins)
    for (int bands = 2; bands <= bins; ++bands) {
      CAPTURE(bins);
      CAPTURE(bands);
      const auto layout = band_layout(bins, bands);
      REQUIRE(layout.bands() == bands);
      CHECK(layout.begin(0) == 0);
      CHECK(layout.bins() == bins);
      bool ascends = true;
      for (int b = 0; b < bands; ++b) ascends = ascends && layout.begin(b) < layout.end(b);
      CHECK(ascends);
    }
}

TEST_CASE("bands are a bin wide below and keep their ratio above") {
  for (const auto& [bins, bands] : {std::pair{2049, 256}, {2049, 128}, {1025, 256}, {129, 32}}) {
    CAPTURE(bins);
    CAPTURE(bands);
    const auto layout = band_layout(bins, bands);
    int narrow = 0;
    while (layout.end(narrow) - layout.begin(narrow) == 1) ++narrow;
    CHECK(narrow >= bands / 8);
    // Edges are rounded to whole bins, so that a ratio is off by what half a bin at either edge makes.
    const double ratio = std::pow(static_cast<double>(bins) / layout.begin(bands / 2), 1.0 / (bands - bands / 2));
    for (int b = bands / 2; b < bands; ++b) {
      const double own = static_cast<double>(layout.end(b)) / layout.begin(b);
      CHECK(std::abs(own - ratio) < 1.5 / layout.begin(b));
    }
  }
}

TEST_CASE("as many bands as bins are the bins") {
  const auto layout = band_layout(17, 17);
  for (int b = 0; b < 17; ++b) CHECK(layout.begin(b) == b);
}

TEST_CASE("there are 2 bands or more, and no more than bins") {
  CHECK_THROWS_AS((void)band_layout(129, 1), Error);
  CHECK_THROWS_AS((void)band_layout(129, 130), Error);
}
