// How long work tells how far it is, and how it is told to stop.
#pragma once
#include <functional>

#include "sfa/audio/error.hpp"

namespace sfa {

/// Called with the done part, 0 to 1; a return value of false asks the work to stop.
/// May be empty.
using Progress = std::function<bool(double done)>;

/// Calls `progress` if there is one. Throws Error::cancelled if it asks to stop.
inline void report(const Progress& progress, double done) {
  if (progress && !progress(done)) throw Error(Error::Kind::cancelled, "cancelled");
}

}  // namespace sfa
