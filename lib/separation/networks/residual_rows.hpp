// A residual branch without recurrence and attention, row by row and in the cache: libtorch would
// carry each of its eight operations through memory. Same result within float rounding.
//
// The norm behind the widening convolution needs the moments of 2 * channels rows. They follow from
// the sums and the products of the few rows before it, so that the wide rows are made only once,
// where they are used.
#pragma once
#include <torch/types.h>

#include <cstddef>
#include <vector>

namespace sfa::separation::networks {

struct ResidualBranch;

class ResidualRows {
 public:
  ResidualRows() = default;
  /// `branch` on the CPU, its layers plain.
  explicit ResidualRows(const ResidualBranch& branch);

  /// (batch, channels, bins, frames) or (batch, channels, frames), float32 or bfloat16.
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;

 private:
  struct Layer {
    std::ptrdiff_t channels = 0, hidden = 0, dilation = 0;
    std::vector<float> narrow, narrow_bias;  // packed
    std::vector<float> narrow_gain, narrow_shift;
    std::vector<float> widen, widen_bias;    // 2 * channels x hidden, plain
    std::vector<float> widen_gain, widen_shift, scale;
  };
  class Row;
  std::vector<Layer> layers_;
};

}  // namespace sfa::separation::networks
