#include "sfa/mix/pan.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfa/audio/error.hpp"

namespace sfa::mix {

PanGains pan_gains(PanLaw law, double pan) {
  if (!(pan >= -1.0 && pan <= 1.0))
    throw Error(Error::Kind::invalid_argument, "a pan position must be within -1 to 1");
  const double angle = (pan + 1.0) * std::numbers::pi / 4.0;
  const PanGains amplitude{(1.0 - pan) / 2.0, (1.0 + pan) / 2.0};
  const PanGains power{std::cos(angle), std::sin(angle)};
  switch (law) {
    case PanLaw::linear: return amplitude;
    case PanLaw::equal_power: return power;
    case PanLaw::compromise:
      return {std::sqrt(amplitude.left * std::max(0.0, power.left)), std::sqrt(amplitude.right * power.right)};
    case PanLaw::balance: return {std::min(1.0, 1.0 - pan), std::min(1.0, 1.0 + pan)};
  }
  return {};
}

}  // namespace sfa::mix
