#include "sfa/rules/mode.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

using namespace sfa;

TEST_CASE("every mode is read as it is written") {
  CHECK(rules::parse_mode("seq").rhythm.steps == 1);
  const auto euclidean = rules::parse_mode("euclid:5/16/2");
  CHECK(euclidean.rhythm.pulses == 5);
  CHECK(euclidean.rhythm.steps == 16);
  CHECK(euclidean.rhythm.rotation == 2);
  CHECK(euclidean.text == "euclid:5/16/2");
  CHECK(rules::parse_mode("random").choice == rules::Choice::random);
  CHECK(rules::parse_mode("random:no-repeat").choice == rules::Choice::no_repeat);
  CHECK(rules::parse_mode("prob:0.25").probability == 0.25);
  CHECK(rules::parse_mode("prob:30%").probability == doctest::Approx(0.3));
}

TEST_CASE("a mode that is none says what was expected") {
  for (const char* text : {"", "sequential", "euclid", "euclid:", "euclid:5", "euclid:5/", "euclid:a/8", "euclid:9/8",
                           "euclid:3/8/8", "euclid:3/8/1/1", "euclid:3/8x", "euclid:99999999999/8", "euclid:-1/8",
                           "prob:", "prob:1.5", "prob:nan", "prob:-1", "prob:101%", "prob:0.5x", "random:", "seq "}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)rules::parse_mode(text), Error);
  }
  CHECK_THROWS_WITH_AS((void)rules::parse_mode("euclid:9/8"),
                       "mode \"euclid:9/8\": pulses of a Euclidean rhythm must be from 1 to 8", Error);
  CHECK_THROWS_AS((void)rules::parse_choice("any"), Error);
}
