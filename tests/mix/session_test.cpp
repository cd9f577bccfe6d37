#include "sfa/mix/session.hpp"

#include <doctest/doctest.h>

using namespace sfa::mix;

TEST_CASE("names of laws and fades are read as they are written") {
  for (const auto law : {PanLaw::linear, PanLaw::equal_power, PanLaw::compromise, PanLaw::balance})
    CHECK(pan_law(name(law)) == law);
  for (const auto shape : {FadeShape::linear, FadeShape::equal_power}) CHECK(fade_shape(name(shape)) == shape);
  CHECK_FALSE(pan_law("loud").has_value());
}
