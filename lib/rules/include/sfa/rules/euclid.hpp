// Euclidean rhythms: a number of pulses spread as evenly as possible over a number of steps.
// Bjorklund, "The theory of rep-rate pattern generation in the SNS timing system", 2003;
// Toussaint, "The Euclidean algorithm generates traditional musical rhythms", BRIDGES 2005.
#pragma once
#include <vector>

namespace sfa::rules {

/// E(pulses, steps), begun `rotation` steps later: E(3,8) is x..x..x. and with rotation 3 x..x.x..
struct Euclid {
  int pulses = 1;    // 1 to steps
  int steps = 1;     // 1 to 1024
  int rotation = 0;  // 0 to steps - 1
};

/// One entry for each step, true where a pulse falls; without rotation the first step is a pulse.
/// Throws Error::invalid_argument outside the ranges above.
[[nodiscard]] std::vector<bool> euclid(const Euclid& rhythm);

}  // namespace sfa::rules
