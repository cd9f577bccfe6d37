#include "sfa/analysis/running_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace sfa::analysis {
namespace {

double median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return double{*middle};
  return (double{*middle} + double{*std::max_element(values.begin(), middle)}) / 2.0;
}

}  // namespace

void RunningStatistics::add(float value) {
  if (count_ == 0) minimum_ = maximum_ = value;
  minimum_ = std::min(minimum_, value);
  maximum_ = std::max(maximum_, value);
  if (count_ % step_ == 0) {
    if (kept_.size() == most_kept) {
      for (std::size_t i = 0; i < most_kept / 2; ++i) kept_[i] = kept_[2 * i];
      kept_.resize(most_kept / 2);
      step_ *= 2;
    }
    if (count_ % step_ == 0) kept_.push_back(value);
  }
  ++count_;
  const double distance = double{value} - mean_;
  mean_ += distance / static_cast<double>(count_);
  squares_ += distance * (double{value} - mean_);
}

Statistics RunningStatistics::result() const {
  if (count_ == 0) return {};
  return {.mean = mean_, .deviation = std::sqrt(squares_ / static_cast<double>(count_)), .minimum = double{minimum_},
          .maximum = double{maximum_}, .median = median(kept_)};
}

}  // namespace sfa::analysis
