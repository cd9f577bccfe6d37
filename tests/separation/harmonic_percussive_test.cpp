#include "sfa/separation/harmonic_percussive.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

using namespace sfa::separation;

TEST_CASE("a line along time is a tone, a line along frequency is a drum") {
  Magnitudes mix(100, 80);
  for (auto& value : mix.values) value = 0.001F;
  for (sfa::Frames t = 0; t < 80; ++t) mix.row(t)[30] = 1.0F;
  for (int b = 0; b < 100; ++b) mix.row(40)[static_cast<std::size_t>(b)] = 1.0F;
  const auto mask = percussive_mask(mix);
  CHECK(mask.row(10)[30] < 0.01F);
  CHECK(mask.row(70)[30] < 0.01F);
  CHECK(mask.row(40)[10] > 0.99F);
  CHECK(mask.row(40)[80] > 0.99F);
  CHECK(mask.row(40)[30] == doctest::Approx(0.5));  // where they cross both are right
}

TEST_CASE("the mask is the Wiener filter of the two medians") {
  // Everywhere alike: both medians are the value itself, and the balance is that of the separation factor.
  Magnitudes flat(20, 20);
  for (auto& value : flat.values) value = 3.0F;
  CHECK(percussive_mask(flat, {.separation = 1.0F}).values[210] == doctest::Approx(0.5));
  CHECK(percussive_mask(flat, {.separation = 2.0F}).values[210] == doctest::Approx(1.0 / (1.0 + 4.0)));
  CHECK(percussive_mask(flat, {.power = 1.0F, .separation = 2.0F}).values[210] == doctest::Approx(1.0 / 3.0));
}

TEST_CASE("silence is divided evenly, nothing stays nothing, even sizes are refused") {
  for (const float value : percussive_mask(Magnitudes(5, 7)).values) CHECK(value == 0.5F);
  CHECK(percussive_mask(Magnitudes(5, 0)).values.empty());
  CHECK_THROWS_AS((void)percussive_mask(Magnitudes(5, 7), {.time_frames = 4}), sfa::Error);
  CHECK_THROWS_AS((void)percussive_mask(Magnitudes(5, 7), {.frequency_bins = 0}), sfa::Error);
}
