// What speaks for a boundary at each bar of a song, besides that the bars before and after are alike among
// themselves: that repetitions begin or end there, and that energy, pitches or timbre change. See structure.hpp.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "bar_similarity.hpp"
#include "sfa/analysis/bars.hpp"

namespace sfa::analysis {

/// For each bar from `first` to `last`, half-open: the logarithm of the odds that a section begins there, as a
/// logistic regression has it; the first is 0. All zeros for less than 8 bars: they tell nothing.
[[nodiscard]] std::vector<double> boundary_evidence(const BarSimilarity& similarity, std::span<const Bar> bars,
                                                    std::size_t first, std::size_t last);

}  // namespace sfa::analysis
