#include "laplacian.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace sfa::analysis {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// The graph's constants are those that did well on generated songs and on such from openly licensed MIDI files;
// of others the results are much the same.
constexpr Index least_lag = 3;             // bars: nearer ones are alike because they are near
constexpr double neighbours = 0.7;         // times the root of the number of bars
constexpr Index least_neighbours = 2;
constexpr Index filter_bars = 5;           // of the median along diagonals
constexpr double rounding = 1e-4;          // similarities that differ by less are equal
constexpr double least_distance = 1e-6;
constexpr double least_degree = 1e-12;

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// For each bar how alike another must be to be among its nearest.
VectorXd nearness(const MatrixXd& like) {
  const auto count = like.rows();
  const auto share = std::ceil(neighbours * std::sqrt(static_cast<double>(count)));
  const auto wanted = std::max(least_neighbours, static_cast<Index>(share));
  VectorXd least(count);
  std::vector<double> others;
  for (Index i = 0; i < count; ++i) {
    others.clear();
    for (Index j = 0; j < count; ++j)
      if (std::abs(i - j) >= least_lag) others.push_back(like(j, i));
    const auto last = std::min(wanted, static_cast<Index>(others.size())) - 1;
    if (last < 0) {
      least(i) = 2.0;  // more than any
      continue;
    }
    std::nth_element(others.begin(), others.begin() + last, others.end(), std::greater<>());
    least(i) = others[static_cast<std::size_t>(last)] - rounding;
  }
  return least;
}

/// A link stays, or arises, where most of those along the diagonal around it are; beyond the ends of a
/// diagonal stand its first and last.
MatrixXd filtered_along_diagonals(const MatrixXd& links) {
  const auto count = links.rows();
  MatrixXd result = MatrixXd::Zero(count, count);
  for (Index lag = least_lag; lag < count; ++lag)
    for (Index i = 0; i + lag < count; ++i) {
      Index linked = 0;
      for (auto k = i - filter_bars / 2; k <= i + filter_bars / 2; ++k) {
        const auto at = std::clamp<Index>(k, 0, count - lag - 1);
        linked += links(at + lag, at) > 0.0 ? 1 : 0;
      }
      if (2 * linked > filter_bars) result(i + lag, i) = result(i, i + lag) = 1.0;
    }
  return result;
}

/// Gaussian of the distance of two bars whose similarity is `like`; of `scale` it is 1 / e.
double closeness(double like, double scale) {
  return std::exp(-std::max(0.0, 1.0 - like) / std::max(scale, least_distance));
}

MatrixXd recurrences(const MatrixXd& like) {
  const auto count = like.rows();
  const auto least = nearness(like);
  MatrixXd links = MatrixXd::Zero(count, count);
  for (Index i = 0; i < count; ++i)
    for (Index j = i + least_lag; j < count; ++j)
      if (like(j, i) >= std::max(least(i), least(j))) links(j, i) = links(i, j) = 1.0;
  links = filtered_along_diagonals(links);
  std::vector<double> distances;
  for (Index i = 0; i < count; ++i)
    for (auto j = i + least_lag; j < count; ++j)
      if (links(j, i) > 0.0) distances.push_back(1.0 - like(j, i));
  const auto scale = median(std::move(distances));
  for (Index i = 0; i < count; ++i)
    for (Index j = 0; j < count; ++j) links(j, i) *= closeness(like(j, i), scale);
  return links;
}

MatrixXd path(const BarSimilarity& similarity, std::size_t first, Index count) {
  std::vector<double> like;
  std::vector<double> distances;
  for (auto bar = first; bar + 1 < first + static_cast<std::size_t>(count); ++bar) {
    like.push_back(static_cast<double>(similarity.timbre(bar, bar + 1)));
    distances.push_back(1.0 - like.back());
  }
  const auto scale = median(std::move(distances));
  MatrixXd links = MatrixXd::Zero(count, count);
  for (Index i = 0; i + 1 < count; ++i)
    links(i, i + 1) = links(i + 1, i) = closeness(like[static_cast<std::size_t>(i)], scale);
  return links;
}

}  // namespace

MatrixXd bar_affinity(const BarSimilarity& similarity, std::size_t first, std::size_t count) {
  const auto size = static_cast<Index>(count);
  MatrixXd like(size, size);
  for (Index i = 0; i < size; ++i)
    for (Index j = i; j < size; ++j)
      like(j, i) = like(i, j) = static_cast<double>(
          similarity(first + static_cast<std::size_t>(i), first + static_cast<std::size_t>(j)));
  const auto repeated = recurrences(like);
  const auto followed = path(similarity, first, size);
  const VectorXd path_degree = followed.rowwise().sum();
  const VectorXd degree = repeated.rowwise().sum() + path_degree;
  const auto square = degree.squaredNorm();
  const auto balance = square > 0.0 ? path_degree.dot(degree) / square : 1.0;
  return balance * repeated + (1.0 - balance) * followed;
}

MatrixXd laplacian_embedding(const MatrixXd& affinity, Index dimensions) {
  const VectorXd scale = affinity.rowwise().sum().cwiseMax(least_degree).cwiseSqrt().cwiseInverse();
  const MatrixXd laplacian = MatrixXd::Identity(affinity.rows(), affinity.cols()) -
                             scale.asDiagonal() * affinity * scale.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(laplacian);
  MatrixXd places = solver.eigenvectors().leftCols(std::min(dimensions, affinity.cols()));
  for (auto row : places.rowwise()) row /= std::max(row.norm(), least_degree);
  return places;
}

}  // namespace sfa::analysis
