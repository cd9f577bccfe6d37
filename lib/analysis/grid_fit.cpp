#include <algorithm>
#include <cmath>
#include <limits>

#include "sfa/analysis/tempo.hpp"

namespace sfa::analysis {
namespace {

// How far beats lie from where they are meant: found ones by about 12 ms, played ones by 10 to 20 ms. A line
// more must explain as much as the Bayesian information criterion asks for its three numbers.
constexpr double scatter = 0.015, numbers_of_a_line = 3.0;

// A line spans at most so many intervals before the next is begun, which bounds the work for long songs;
// lines that go on are joined afterwards.
constexpr std::size_t longest_line = 512;

// Intervals that differ from a whole number of beats by more are pauses.
constexpr double beat_part = 0.25;

// Of beats made to a click: how far they lie from one line, at the median and at most of them.
constexpr double steady_median = 0.015, steady_most = 0.05, most = 0.9;

constexpr std::size_t fewest_steady = 8;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::vector<double> intervals_of(std::span<const Beat> beats) {
  std::vector<double> intervals;
  for (std::size_t i = 1; i < beats.size(); ++i) intervals.push_back(beats[i].time - beats[i - 1].time);
  return intervals;
}

struct Line {
  double begin = 0.0, slope = 0.0, error = 0.0;  // seconds, seconds a beat, sum of squares
};

/// Running sums for lines through beats number 0, 1, ... of a run.
class Sums {
 public:
  explicit Sums(std::span<const Beat> run) : origin_(run.front().time), time_(1), square_(1), cross_(1) {
    for (std::size_t k = 0; k < run.size(); ++k) {
      const double t = run[k].time - origin_;
      time_.push_back(time_.back() + t);
      square_.push_back(square_.back() + t * t);
      cross_.push_back(cross_.back() + t * static_cast<double>(k));
    }
  }
  /// Through the beats from `first` to `last`, both included, `first` < `last`.
  [[nodiscard]] Line line(std::size_t first, std::size_t last) const {
    const auto n = static_cast<double>(last - first + 1);
    const double mean_k = static_cast<double>(first + last) / 2.0;
    const double sum_t = time_[last + 1] - time_[first], mean_t = sum_t / n;
    const double kk = n * (n * n - 1.0) / 12.0;
    const double kt = cross_[last + 1] - cross_[first] - mean_k * sum_t;
    const double tt = square_[last + 1] - square_[first] - mean_t * sum_t;
    const double slope = kt / kk;
    return {origin_ + mean_t - slope * (mean_k - static_cast<double>(first)), slope, std::max(0.0, tt - slope * kt)};
  }

 private:
  double origin_;
  std::vector<double> time_, square_, cross_;
};

/// The beats at which lines begin and end, 0 and the last included.
std::vector<std::size_t> breaks_of(const Sums& sums, std::size_t beats) {
  const double penalty = numbers_of_a_line * std::log(static_cast<double>(beats));
  std::vector<double> cost(beats, std::numeric_limits<double>::infinity());
  std::vector<std::size_t> from(beats, 0);
  cost[0] = 0.0;
  for (std::size_t end = 1; end < beats; ++end) {
    for (std::size_t begin = end > longest_line ? end - longest_line : 0; begin < end; ++begin) {
      const double total = cost[begin] + penalty + sums.line(begin, end).error / (scatter * scatter);
      if (total < cost[end]) cost[end] = total, from[end] = begin;
    }
  }
  std::vector<std::size_t> breaks{beats - 1};
  while (breaks.back() > 0) breaks.push_back(from[breaks.back()]);
  std::ranges::reverse(breaks);
  for (std::size_t i = 1; i + 1 < breaks.size();) {  // lines that were ended for their length alone
    const double apart = sums.line(breaks[i - 1], breaks[i]).error + sums.line(breaks[i], breaks[i + 1]).error;
    const double joined = sums.line(breaks[i - 1], breaks[i + 1]).error;
    if (joined - apart <= penalty * scatter * scatter) breaks.erase(breaks.begin() + static_cast<std::ptrdiff_t>(i));
    else ++i;
  }
  return breaks;
}

void fit_run(std::span<const Beat> run, std::vector<GridSegment>& grid) {
  if (run.size() < 2) return;
  const Sums sums(run);
  const auto breaks = breaks_of(sums, run.size());
  for (std::size_t i = 0; i + 1 < breaks.size(); ++i) {
    const auto line = sums.line(breaks[i], breaks[i + 1]);
    if (line.slope > 0.0)
      grid.push_back({line.begin, 60.0 / line.slope, static_cast<int>(breaks[i + 1] - breaks[i]),
                      run[breaks[i]].position});
  }
}

}  // namespace

std::vector<GridSegment> fit_grid(std::span<const Beat> beats) {
  std::vector<GridSegment> grid;
  if (beats.size() < 2) return grid;
  const auto intervals = intervals_of(beats);
  std::size_t begin = 0;
  double usual = median(intervals);
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    constexpr std::size_t around = 8;
    const std::size_t from = i > around ? i - around : 0, to = std::min(intervals.size(), i + around + 1);
    const auto first = intervals.begin();
    usual = median({first + static_cast<std::ptrdiff_t>(from), first + static_cast<std::ptrdiff_t>(to)});
    if (std::abs(intervals[i] - usual) <= beat_part * usual) continue;
    fit_run(beats.subspan(begin, i + 1 - begin), grid);
    begin = i + 1;
  }
  fit_run(beats.subspan(begin), grid);
  return grid;
}

bool is_steady(std::span<const Beat> beats) {
  if (beats.size() < fewest_steady) return false;
  const double tempo = steady_tempo(beats);
  if (tempo <= 0.0) return false;
  // With the tempo of the beats' runs, the offset that fits most beats, then the line through all.
  std::vector<double> numbers, errors;
  double number = 0.0;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    if (i > 0) number += std::max(1.0, std::round((beats[i].time - beats[i - 1].time) * tempo / 60.0));
    numbers.push_back(number);
  }
  double mean_k = 0.0, mean_t = 0.0, kk = 0.0, kt = 0.0;
  for (std::size_t i = 0; i < beats.size(); ++i) mean_k += numbers[i], mean_t += beats[i].time;
  mean_k /= static_cast<double>(beats.size()), mean_t /= static_cast<double>(beats.size());
  for (std::size_t i = 0; i < beats.size(); ++i) {
    kk += (numbers[i] - mean_k) * (numbers[i] - mean_k);
    kt += (numbers[i] - mean_k) * (beats[i].time - mean_t);
  }
  for (std::size_t i = 0; i < beats.size(); ++i)
    errors.push_back(std::abs(beats[i].time - mean_t - kt / kk * (numbers[i] - mean_k)));
  std::ranges::sort(errors);
  return errors[errors.size() / 2] <= steady_median &&
         errors[static_cast<std::size_t>(most * static_cast<double>(errors.size() - 1))] <= steady_most;
}

double tempo_drift_percent(std::span<const Beat> beats) {
  constexpr double near = 0.2;
  constexpr std::size_t fewest = 4;
  if (beats.size() < 2) return 0.0;
  const auto intervals = intervals_of(beats);
  const double usual = median(intervals);
  double n = 0.0, t_sum = 0.0, l_sum = 0.0, tt = 0.0, tl = 0.0;
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    if (std::abs(intervals[i] - usual) > near * usual) continue;
    const double t = beats[i].time + intervals[i] / 2.0 - beats.front().time;
    n += 1.0, t_sum += t, l_sum += intervals[i], tt += t * t, tl += t * intervals[i];
  }
  const double spread = tt - t_sum * t_sum / std::max(1.0, n);
  if (n < static_cast<double>(fewest) || spread <= 0.0) return 0.0;
  const double slope = (tl - t_sum * l_sum / n) / spread, middle = l_sum / n, at = t_sum / n;
  const double first = middle - slope * at, last = middle + slope * (beats.back().time - beats.front().time - at);
  return first > 0.0 && last > 0.0 ? 100.0 * (first / last - 1.0) : 0.0;
}

}  // namespace sfa::analysis
