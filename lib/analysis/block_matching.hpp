// Convolutive block matching: how to cut a row of bars. See structure.hpp.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "bar_similarity.hpp"

namespace sfa::analysis {

struct Cuts {
  std::vector<std::size_t> bars;    // where the sections of the best cut begin, the first is `first`; and `last`
  std::vector<double> likelihoods;  // of each of `bars`, that a cut lies there: 0 to 1
};

/// Of the bars from `first` on, of which there are as many as values in `evidence`, at least one: what else
/// speaks for a boundary at each of them (see boundary_evidence.hpp).
[[nodiscard]] Cuts match_blocks(const BarSimilarity& similarity, std::size_t first,
                                std::span<const double> evidence);

}  // namespace sfa::analysis
