#include "sfa/mix/pan.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/error.hpp"
#include "sfa/audio/units.hpp"

using namespace sfa;
using namespace sfa::mix;

namespace {

constexpr double positions[] = {-1.0, -0.7, -0.25, 0.0, 0.1, 0.5, 0.9, 1.0};

}  // namespace

TEST_CASE("each pan law has its stated level in the centre") {
  const auto centre_db = [](PanLaw law) {
    const auto gains = pan_gains(law, 0.0);
    CHECK(gains.left == doctest::Approx(gains.right));
    return to_decibels(gains.left).value;
  };
  CHECK(centre_db(PanLaw::linear) == doctest::Approx(-6.0206));
  CHECK(centre_db(PanLaw::equal_power) == doctest::Approx(-3.0103));
  CHECK(centre_db(PanLaw::compromise) == doctest::Approx(-4.51545));
  CHECK(pan_gains(PanLaw::balance, 0.0).left == 1.0);
  CHECK(pan_gains(PanLaw::balance, 0.0).right == 1.0);
}

TEST_CASE("the linear law keeps the sum of amplitudes, the equal-power law that of powers") {
  for (const double pan : positions) {
    const auto linear = pan_gains(PanLaw::linear, pan);
    CHECK(linear.left + linear.right == doctest::Approx(1.0));
    const auto power = pan_gains(PanLaw::equal_power, pan);
    CHECK(power.left * power.left + power.right * power.right == doctest::Approx(1.0));
  }
}

TEST_CASE("the compromise lies midway between the two in decibels") {
  for (const double pan : {-0.8, -0.3, 0.0, 0.4, 0.9}) {
    const auto middle = to_decibels(pan_gains(PanLaw::compromise, pan).left).value;
    const auto linear = to_decibels(pan_gains(PanLaw::linear, pan).left).value;
    const auto power = to_decibels(pan_gains(PanLaw::equal_power, pan).left).value;
    CHECK(middle == doctest::Approx((linear + power) / 2.0));
  }
}

TEST_CASE("balance only ever turns the far side down") {
  CHECK(pan_gains(PanLaw::balance, 0.25).left == 0.75);
  CHECK(pan_gains(PanLaw::balance, 0.25).right == 1.0);
  CHECK(pan_gains(PanLaw::balance, -0.5).left == 1.0);
  CHECK(pan_gains(PanLaw::balance, -0.5).right == 0.5);
}

TEST_CASE("every law is silent on the far side at the ends, and mirrors left and right") {
  for (const auto law : {PanLaw::linear, PanLaw::equal_power, PanLaw::compromise, PanLaw::balance}) {
    CHECK(pan_gains(law, -1.0).right == doctest::Approx(0.0));
    CHECK(pan_gains(law, 1.0).left == doctest::Approx(0.0));
    CHECK(pan_gains(law, 1.0).right == doctest::Approx(1.0));
    for (const double pan : positions)
      CHECK(pan_gains(law, pan).left == doctest::Approx(pan_gains(law, -pan).right));
  }
}

TEST_CASE("a pan position outside -1 to 1 is refused") {
  CHECK_THROWS_AS((void)pan_gains(PanLaw::linear, 1.01), Error);
  CHECK_THROWS_AS((void)pan_gains(PanLaw::balance, NAN), Error);
}
