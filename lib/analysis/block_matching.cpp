#include "block_matching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sfa::analysis {
namespace {

// Marmoret, Cohen and Bimbot 2022: a kernel of 7 bars does best (section 4.2), and the penalty favours
// sections of 8 bars, then 4, then what is even (equation 7). The weights were searched for on the songs that
// boundary_evidence.cpp tells of: of many sets of them the results are much the same.
constexpr std::size_t kernel_bars = 7;
constexpr std::size_t longest_section = 36;  // bars
constexpr std::size_t usual_section = 8;
constexpr double match_weight = 1.0;
constexpr double penalty_weight = 3.0;
constexpr double edge_weight = 0.7;  // of that: a song's first and last section are of odd lengths more often
constexpr double evidence_weight = 0.6;
constexpr double section_bonus = 1.5;
constexpr double penalty_of_fours = 0.2, penalty_of_even = 0.7, penalty_of_odd = 0.8;

// Of the exponential that makes scores likelihoods: with it, they agree with how many are right.
constexpr double temperature = 1.0;

double penalty(std::size_t bars) {
  if (bars == usual_section) return 0.0;
  if (bars % 4 == 0 && bars <= 16) return penalty_of_fours;
  return bars % 2 == 0 ? penalty_of_even : penalty_of_odd;
}

double log_add(double a, double b) {
  if (a < b) std::swap(a, b);
  return std::isinf(b) ? a : a + std::log1p(std::exp(b - a));
}

/// How good a section from one bar to another is.
class SectionScore {
 public:
  SectionScore(const BarSimilarity& similarity, std::size_t first, std::span<const double> evidence)
      : sums_(evidence.size()), evidence_(evidence) {
    for (std::size_t j = 0; j < sums_.size(); ++j)
      for (std::size_t d = 1; d <= kernel_bars; ++d) {
        const auto like = d <= j ? static_cast<double>(similarity(first + j - d, first + j)) : 0.0;
        sums_[j][d] = sums_[j][d - 1] + like;
      }
  }

  [[nodiscard]] std::size_t size() const { return sums_.size(); }

  /// Calls `visit(end, score)` for all sections that begin at `begin`.
  template <typename Visit>
  void each_from(std::size_t begin, Visit&& visit) const {
    double sum = 0.0;
    const double own = begin > 0 ? evidence_weight * evidence_[begin] + section_bonus : 0.0;
    for (auto end = begin + 1; end <= std::min(size(), begin + longest_section); ++end) {
      sum += with_earlier(end - 1, begin);
      const double weight = penalty_weight * (begin == 0 || end == size() ? edge_weight : 1.0);
      visit(end, match_weight * mean(sum, end - begin) - penalty(end - begin) * weight + own);
    }
  }

 private:
  /// Of bar `j` with those before it in a section that begins at `begin`.
  [[nodiscard]] double with_earlier(std::size_t j, std::size_t begin) const {
    return sums_[j][std::min(kernel_bars, j - begin)];
  }
  [[nodiscard]] static double mean(double sum, std::size_t bars) { return 2.0 * sum / static_cast<double>(bars); }

  std::vector<std::array<double, kernel_bars + 1>> sums_;  // of each bar with those up to d before it
  std::span<const double> evidence_;
};

/// The cut of the highest sum of scores.
std::vector<std::size_t> best_cut(const SectionScore& score) {
  std::vector<double> best(score.size() + 1, -std::numeric_limits<double>::infinity());
  std::vector<std::size_t> from(score.size() + 1, 0);
  best[0] = 0.0;
  for (std::size_t begin = 0; begin < score.size(); ++begin)
    score.each_from(begin, [&](std::size_t end, double value) {
      if (best[begin] + value <= best[end]) return;
      best[end] = best[begin] + value;
      from[end] = begin;
    });
  std::vector<std::size_t> bars{score.size()};
  while (bars.back() > 0) bars.push_back(from[bars.back()]);
  std::reverse(bars.begin(), bars.end());
  return bars;
}

/// For each bar the share of the cuts that have a boundary there.
std::vector<double> cut_likelihoods(const SectionScore& score) {
  constexpr double none = -std::numeric_limits<double>::infinity();
  std::vector<double> forward(score.size() + 1, none), backward(score.size() + 1, none);
  forward[0] = 0.0;
  backward.back() = 0.0;
  for (std::size_t begin = 0; begin < score.size(); ++begin)
    score.each_from(begin, [&](std::size_t end, double value) {
      forward[end] = log_add(forward[end], forward[begin] + value / temperature);
    });
  for (auto begin = score.size(); begin-- > 0;)
    score.each_from(begin, [&](std::size_t end, double value) {
      backward[begin] = log_add(backward[begin], backward[end] + value / temperature);
    });
  std::vector<double> result(forward.size());
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = std::min(1.0, std::exp(forward[i] + backward[i] - forward.back()));
  return result;
}

}  // namespace

Cuts match_blocks(const BarSimilarity& similarity, std::size_t first, std::span<const double> evidence) {
  const SectionScore score(similarity, first, evidence);
  const auto likelihoods = cut_likelihoods(score);
  Cuts cuts;
  for (const auto bar : best_cut(score)) {
    cuts.bars.push_back(first + bar);
    cuts.likelihoods.push_back(likelihoods[bar]);
  }
  return cuts;
}

}  // namespace sfa::analysis
