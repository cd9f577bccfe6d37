#include "sfa/mix/level.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace sfa::mix;

TEST_CASE("no gain is asked for silence") {
  constexpr double silent = -std::numeric_limits<double>::infinity();
  const auto none = correction({silent, silent}, {-14.0, -1.0});
  CHECK(none.gain_db == 0.0);
  CHECK(none.binding == Binding::nothing);
}

TEST_CASE("the gain reaches the target, unless the ceiling is in the way") {
  const Level level{-20.0, -5.0};
  CHECK(correction(level, {}).gain_db == 0.0);
  CHECK(correction(level, {}).binding == Binding::nothing);
  CHECK(correction(level, {-23.0, {}}).gain_db == doctest::Approx(-3.0));
  CHECK(correction(level, {-23.0, -1.0}).binding == Binding::target);
  CHECK(correction(level, {-14.0, -1.0}).gain_db == doctest::Approx(4.0));
  CHECK(correction(level, {-14.0, -1.0}).binding == Binding::ceiling);
  CHECK(correction(level, {-14.0, {}}).gain_db == doctest::Approx(6.0));
}

TEST_CASE("a ceiling alone only turns down") {
  CHECK(correction({-20.0, -5.0}, {{}, -1.0}).gain_db == 0.0);
  CHECK(correction({-20.0, -5.0}, {{}, -1.0}).binding == Binding::nothing);
  CHECK(correction({-10.0, 0.5}, {{}, -1.0}).gain_db == doctest::Approx(-1.5));
  CHECK(correction({-10.0, 0.5}, {{}, -1.0}).binding == Binding::ceiling);
}
