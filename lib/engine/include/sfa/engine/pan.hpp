// The pan law: equal power, unchanged in the middle. With angle = (pan + 1) pi / 4,
//
//   left = sqrt(2) cos(angle)    right = sqrt(2) sin(angle)
//
// so that left^2 + right^2 = 2 everywhere: 0 dB on both sides in the middle, +3 dB on one side
// and silence on the other at the ends. Mono is placed by it, stereo is balanced by it.
#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>

namespace sfa::engine {

struct StereoGain {
  float left = 1.0F;
  float right = 1.0F;
};

/// `pan` from -1 (left) to 1 (right), cut to that.
[[nodiscard]] inline StereoGain equal_power(double pan) {
  const auto towards = [](double side) {
    return static_cast<float>(std::numbers::sqrt2 * std::sin((side + 1.0) * std::numbers::pi / 4.0));
  };
  const double right = std::clamp(pan, -1.0, 1.0);
  return {towards(-right), towards(right)};  // cos(angle) = sin of the mirrored pan's angle
}

}  // namespace sfa::engine
