// Mean, deviation, extremes and median of values that go by, in memory that does not grow with them.
// Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4(3), 1962.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sfa/analysis/analysis.hpp"

namespace sfa::analysis {

class RunningStatistics {
 public:
  /// The median is exact up to this many values. Of more it is that of every second, fourth ... value, never
  /// less than half as many as this.
  static constexpr std::size_t most_kept = 32768;

  void add(float value);
  /// The deviation is that of the values themselves (divided by their number). All 0 without values.
  [[nodiscard]] Statistics result() const;

 private:
  std::uint64_t count_ = 0, step_ = 1;
  double mean_ = 0.0, squares_ = 0.0;
  float minimum_ = 0.0F, maximum_ = 0.0F;
  std::vector<float> kept_;  // value i * step
};

}  // namespace sfa::analysis
