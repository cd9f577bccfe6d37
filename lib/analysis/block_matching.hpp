// Convolutive block matching: how to cut a row of bars. See structure.hpp.
#pragma once
#include <cstddef>
#include <vector>

#include "bar_similarity.hpp"

namespace sfa::analysis {

struct Cuts {
  std::vector<std::size_t> bars;    // where the sections of the best cut begin, the first is `first`; and `last`
  std::vector<double> likelihoods;  // of each of `bars`, that a cut lies there: 0 to 1
};

/// Of the bars from `first` to `last`, half-open, at least one.
[[nodiscard]] Cuts match_blocks(const BarSimilarity& similarity, std::size_t first, std::size_t last);

}  // namespace sfa::analysis
