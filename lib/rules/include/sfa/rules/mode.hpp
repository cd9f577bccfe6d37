// A mode makes the plain pattern that rules then work on: which steps sound, and which slice each
// of them plays.
#pragma once
#include <string>
#include <string_view>

#include "sfa/rules/euclid.hpp"

namespace sfa::rules {

/// Which slice the next event plays.
enum class Choice {
  in_order,   // one after another, and from the first again
  random,     // any
  no_repeat,  // any but the one before
};

/// Throws Error::invalid_argument for anything but "order", "random" and "no-repeat".
[[nodiscard]] Choice parse_choice(std::string_view text);

/// A step sounds where the rhythm has a pulse, with a probability. The rhythm goes on over bar lines.
struct Mode {
  std::string text = "seq";  // as given
  Euclid rhythm;             // one pulse in one step: every step
  double probability = 1.0;  // 0 to 1
  Choice choice = Choice::in_order;
};

///   seq                 every step, slices in order
///   euclid:K/N[/R]      K pulses in N steps, rotated by R; slices in order
///   random              every step, any slice
///   random:no-repeat    every step, any slice but the one before
///   prob:P              each step with probability P (0.3 or 30%), slices in order
/// Throws Error::invalid_argument that says what was expected.
[[nodiscard]] Mode parse_mode(std::string_view text);

}  // namespace sfa::rules
