#include "sfa/mix/fade.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace sfa::mix;

TEST_CASE("a linear crossfade keeps the amplitude, an equal-power one the power") {
  for (int i = 0; i < 100; ++i) {
    const double at = (i + 0.5) / 100.0;
    CHECK(fade_gain(FadeShape::linear, at) + fade_gain(FadeShape::linear, 1.0 - at) == doctest::Approx(1.0));
    const double in = fade_gain(FadeShape::equal_power, at), out = fade_gain(FadeShape::equal_power, 1.0 - at);
    CHECK(in * in + out * out == doctest::Approx(1.0));
  }
  CHECK(fade_gain(FadeShape::equal_power, 0.5) == doctest::Approx(std::sqrt(0.5)));
  CHECK(fade_gain(FadeShape::linear, -1.0) == 0.0);
  CHECK(fade_gain(FadeShape::linear, 2.0) == 1.0);
}
