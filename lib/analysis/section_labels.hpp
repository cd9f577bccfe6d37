// Which sections of a song are the same. See structure.hpp.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "bar_similarity.hpp"

namespace sfa::analysis {

/// How alike the bars from a0 to a1 and from b0 to b1 (half-open) are: the mean similarity of bars that sound
/// together when the shorter is played upon the longer where it fits best, less where their lengths differ.
[[nodiscard]] double section_similarity(const BarSimilarity& similarity, std::size_t a0, std::size_t a1,
                                        std::size_t b0, std::size_t b1);

/// A number for each section, from 0 in the order of time: sections of one number are the same. `cuts` are the
/// sections' first bars, and the end of the last.
[[nodiscard]] std::vector<int> label_sections(const BarSimilarity& similarity, std::span<const std::size_t> cuts);

/// The two ways of it, for songs that are neither short nor long by the graph of their bars (see laplacian.hpp),
/// joined with section_similarity; for others by that alone.
[[nodiscard]] std::vector<int> label_by_graph(const BarSimilarity& similarity, std::span<const std::size_t> cuts);
[[nodiscard]] std::vector<int> label_by_repetition(const BarSimilarity& similarity,
                                                   std::span<const std::size_t> cuts);

/// 0 is "A", 25 "Z", 26 "AA".
[[nodiscard]] std::string letter(int label);

}  // namespace sfa::analysis
