#include "sfa/analysis/tempo.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sfa::analysis {
namespace {

constexpr double steady_part = 0.1;

/// The two sums of which a least-squares slope is the quotient: of (k - mean k)(t - mean t) and of
/// (k - mean k)^2 over a run's beats k = 0, 1, ..
struct Slope {
  double cross = 0.0, square = 0.0;

  void add(std::span<const Beat> run) {
    const double middle = (static_cast<double>(run.size()) - 1.0) / 2.0;
    for (std::size_t k = 0; k < run.size(); ++k) {
      const double offset = static_cast<double>(k) - middle;
      cross += offset * (run[k].time - run.front().time);
      square += offset * offset;
    }
  }
};

}  // namespace

double steady_tempo(std::span<const Beat> beats) {
  if (beats.size() < 2) return 0.0;
  std::vector<double> intervals;
  for (std::size_t i = 1; i < beats.size(); ++i) intervals.push_back(beats[i].time - beats[i - 1].time);
  auto sorted = intervals;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  const double median = *middle;

  Slope slope;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= beats.size(); ++i) {
    if (i < beats.size() && std::abs(intervals[i - 1] - median) <= steady_part * median) continue;
    slope.add(beats.subspan(begin, i - begin));
    begin = i;
  }
  const double interval = slope.square > 0.0 ? slope.cross / slope.square : median;
  return interval > 0.0 ? 60.0 / interval : 0.0;
}

}  // namespace sfa::analysis
