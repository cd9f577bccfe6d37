#include "sfa/mix/level.hpp"

#include <cmath>

namespace sfa::mix {

Correction correction(const Level& level, const Goal& goal) {
  const bool reachable = goal.target_lufs && std::isfinite(level.integrated_lufs);
  const double wanted = reachable ? *goal.target_lufs - level.integrated_lufs : 0.0;
  const double allowed =
      goal.ceiling_db && std::isfinite(level.true_peak_db) ? *goal.ceiling_db - level.true_peak_db : HUGE_VAL;
  if (allowed < wanted) return {allowed, Binding::ceiling};
  return {wanted, reachable ? Binding::target : Binding::nothing};
}

}  // namespace sfa::mix
