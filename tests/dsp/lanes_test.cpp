#include "sfa/dsp/lanes.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "dsp/signals.hpp"

using namespace sfa::dsp;

TEST_CASE("the highest absolute value is found wherever it stands, whatever the length") {
  for (std::size_t size = 1; size < 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      auto samples = test::noise(size);
      samples[at] = at % 2 == 0 ? 3.0F : -3.0F;
      CHECK(highest(samples) == 3.0F);
    }
  }
  CHECK(highest({}) == 0.0F);
}

TEST_CASE("a NaN is passed over and an infinity is not") {
  std::vector<float> samples(9, 0.5F);
  samples[2] = samples[8] = std::numeric_limits<float>::quiet_NaN();
  CHECK(highest(samples) == 0.5F);
  samples[5] = -std::numeric_limits<float>::infinity();
  CHECK(std::isinf(highest(samples)));
}
