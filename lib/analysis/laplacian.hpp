// Laplacian structural decomposition: which bars of a song hang together, by the graph of what repeats and what
// follows. McFee and Ellis, "Analyzing song structure with spectral clustering", ISMIR 2014.
#pragma once
#include <Eigen/Core>
#include <cstddef>

#include "bar_similarity.hpp"

namespace sfa::analysis {

/// How strongly each of `count` bars from `first` on is tied to each other, 0 to 1, symmetric: bars that are
/// among each other's most alike, where their neighbours are, too; and those that follow one another, by their
/// timbre; weighted so that both count as evenly as one weight for all bars can make them. What is as alike as
/// the last of the most alike counts, too, so that exact repetitions are all tied.
[[nodiscard]] Eigen::MatrixXd bar_affinity(const BarSimilarity& similarity, std::size_t first, std::size_t count);

/// For each node of a graph a row of length 1: its place among the `dimensions` eigenvectors of the lowest
/// eigenvalues of the symmetric normalised Laplacian. The product of two rows tells how much two nodes
/// hang together; it does not depend on the signs of eigenvectors, or their choice for equal eigenvalues.
/// `affinity` is symmetric and not negative. Takes time by the third power of the number of nodes.
[[nodiscard]] Eigen::MatrixXd laplacian_embedding(const Eigen::MatrixXd& affinity, Eigen::Index dimensions);

}  // namespace sfa::analysis
