// The sum of products, in eight sums side by side: fast without leave to reorder, and the same on every machine.
#pragma once
#include <array>
#include <cstddef>

namespace sfa::analysis {

[[nodiscard]] inline float dot(const float* a, const float* b, std::size_t size) {
  constexpr std::size_t lanes = 8;
  std::array<float, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  for (; i < size; ++i) sums[i % lanes] += a[i] * b[i];
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

}  // namespace sfa::analysis
