// The bands that the small network sees and masks: a bin wide in the bass, where partials lie close to one another,
// and of constant ratio above, where the ear cannot tell them apart either. Edge k is k up to some k0 and
// k0 (1 + 1/k0)^(k - k0) above, so that widths grow without a step; k0 is what makes the last edge the last bin.
#pragma once
#include <cstddef>
#include <vector>

namespace sfa::separation {

struct BandLayout {
  std::vector<int> edges;  // band b holds bins [edges[b], edges[b + 1]); ascending from 0

  [[nodiscard]] int bands() const { return static_cast<int>(edges.size()) - 1; }
  [[nodiscard]] int bins() const { return edges.back(); }
  [[nodiscard]] int begin(int band) const { return edges[static_cast<std::size_t>(band)]; }
  [[nodiscard]] int end(int band) const { return edges[static_cast<std::size_t>(band) + 1]; }
};

/// 2 <= bands <= bins. Throws Error::invalid_argument.
[[nodiscard]] BandLayout band_layout(int bins, int bands);

}  // namespace sfa::separation
