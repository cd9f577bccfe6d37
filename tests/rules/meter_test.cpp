#include "sfa/rules/meter.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

TEST_CASE("meters are read, and nothing else is") {
  const auto meter = sfa::rules::parse_meter("7/8");
  CHECK(meter.numerator == 7);
  CHECK(meter.denominator == 8);
  for (const char* text :
       {"", "4", "4/", "/4", "4/3", "0/4", "4/0", "65/4", "4/128", "4/4x", "-4/4", "4 /4", "99999999999/4"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)sfa::rules::parse_meter(text), sfa::Error);
  }
}
