#include "sfa/separation/repetition.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

using namespace sfa::separation;

TEST_CASE("what comes in every bar repeats, what comes once does not") {
  // Two chords in turn; on one frame something of its own sounds on top.
  Magnitudes mix(200, 64);
  for (sfa::Frames t = 0; t < 64; ++t)
    for (std::size_t bin = t % 2 == 0 ? 20U : 60U; bin < 150; bin += 30) mix.row(t)[bin] = 1.0F;
  mix.row(33)[100] = 0.5F;
  mix.row(33)[60] = 1.5F;
  const auto mask = repeating_mask(mix, {.count = 8, .distance = 2});
  CHECK(mask.row(12)[20] == doctest::Approx(1.0));
  CHECK(mask.row(33)[90] == doctest::Approx(1.0));
  CHECK(mask.row(33)[100] == 0.0F);
  CHECK(mask.row(33)[60] == doctest::Approx(1.0 / 1.5));  // the part of it that the others have
  CHECK(mask.row(5)[100] == 1.0F);                        // nothing there
}

TEST_CASE("a frame with none like it far enough away repeats itself") {
  Magnitudes mix(10, 3);
  for (auto& value : mix.values) value = 2.0F;
  for (const float value : repeating_mask(mix, {.count = 5, .distance = 10}).values) CHECK(value == 1.0F);
  CHECK(repeating_mask(Magnitudes(10, 0)).values.empty());
}

TEST_CASE("counts and distances below 1 are refused") {
  CHECK_THROWS_AS((void)repeating_mask(Magnitudes(5, 5), {.count = 0}), sfa::Error);
  CHECK_THROWS_AS((void)repeating_mask(Magnitudes(5, 5), {.distance = 0}), sfa::Error);
}
