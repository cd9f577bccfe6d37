#include "laplacian.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <cmath>

#include "form.hpp"

namespace analysis = sfa::analysis;
namespace form = sfa::analysis::form;

TEST_CASE("nodes of one component have one place, those of another one across from it") {
  Eigen::MatrixXd affinity = Eigen::MatrixXd::Zero(5, 5);  // two complete graphs: 0, 2, 4 and 1, 3
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j)
      if (i != j && (i - j) % 2 == 0) affinity(i, j) = 1.0;
  const auto places = analysis::laplacian_embedding(affinity, 2);
  const Eigen::MatrixXd product = places * places.transpose();
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) {
      const double expected = (i - j) % 2 == 0 ? 1.0 : 0.0;
      CHECK(product(i, j) == doctest::Approx(expected).epsilon(1e-9));
    }
}

TEST_CASE("the second place on a path of nodes rises or falls as a cosine does") {
  // Eigenvectors of the symmetric normalised Laplacian of a path of n nodes: cos(pi k i / (n - 1)) times the
  // root of the degree (Chung, Spectral Graph Theory, chapter 1).
  constexpr int count = 9;
  Eigen::MatrixXd affinity = Eigen::MatrixXd::Zero(count, count);
  for (int i = 0; i + 1 < count; ++i) affinity(i, i + 1) = affinity(i + 1, i) = 1.0;
  const auto places = analysis::laplacian_embedding(affinity, 2);
  const double ratio = places(0, 1) / places(0, 0);
  for (int i = 0; i < count; ++i)
    CHECK(places(i, 1) / places(i, 0) ==
          doctest::Approx(ratio * std::cos(std::acos(-1.0) * i / (count - 1))).epsilon(1e-9));
}

TEST_CASE("bars are tied to their repetitions and to their neighbours, and to no others") {
  const auto song = form::make({{'A', 16}, {'B', 16}, {'A', 16}});
  const auto bars = song.bars();
  const analysis::BarSimilarity similarity(song.features, bars);
  const auto affinity = analysis::bar_affinity(similarity, 0, bars.size());
  CHECK(affinity.isApprox(affinity.transpose()));
  CHECK(affinity.minCoeff() >= 0.0);
  CHECK(affinity.maxCoeff() <= 1.0);
  CHECK(affinity(0, 1) > 0.0);
  CHECK(affinity.block(0, 18, 14, 12).sum() == 0.0);  // A and B
  CHECK(affinity.block(0, 32, 16, 16).sum() > 0.0);   // A and A
}

TEST_CASE("bars that are all the same, or silent, have finite places") {
  for (const float level : {-20.0F, -120.0F}) {
    auto song = form::make({{'A', 40, level, level}});
    for (std::size_t i = 1; i < song.features.size(); ++i) {
      auto same = song.features.front();
      same.time = song.features[i].time;
      same.beat = song.features[i].beat;
      song.features[i] = same;
    }
    const auto bars = song.bars();
    const analysis::BarSimilarity similarity(song.features, bars);
    CHECK(analysis::laplacian_embedding(analysis::bar_affinity(similarity, 0, bars.size()), 6).allFinite());
  }
}
