// Pan laws as gains.
// With p the position from -1 (left) to 1 (right) and a = (p + 1) pi / 4:
//
//   linear        left (1 - p) / 2         right (1 + p) / 2         sum of amplitudes 1
//   equal power   left cos a               right sin a               sum of powers 1
//   compromise    the square root of the product of both
//   balance       left min(1, 1 - p)       right min(1, 1 + p)
//
// The gains belong to the output's left and right. A mono sound goes to both, so that the law
// places it; of a stereo sound each channel goes to its own side, so that the law weighs them.
// Curtis Roads, "The Computer Music Tutorial", MIT Press 1996, chapter 11 (linear, constant power).
#pragma once
#include "sfa/mix/session.hpp"

namespace sfa::mix {

struct PanGains {
  double left = 1.0, right = 1.0;
};

/// Throws Error::invalid_argument if `pan` is not within -1 to 1.
[[nodiscard]] PanGains pan_gains(PanLaw law, double pan);

}  // namespace sfa::mix
