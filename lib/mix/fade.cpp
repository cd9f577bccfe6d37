#include "sfa/mix/fade.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sfa::mix {

double fade_gain(FadeShape shape, double progress) {
  const double at = std::clamp(progress, 0.0, 1.0);
  return shape == FadeShape::linear ? at : std::sin(at * std::numbers::pi / 2.0);
}

}  // namespace sfa::mix
