// Demucs' residual branches along time (demucs/demucs.py: DConv): x plus, a few times over,
// convolution to fewer channels - norm - GELU - [LSTM] - [attention] - 1x1 convolution to twice as
// many - norm - GLU - a scale for each channel. Each row of bins is a sequence of its own.
#pragma once
#include <optional>

#include "layers.hpp"
#include "local_attention.hpp"
#include "residual_rows.hpp"

namespace sfa::separation::networks {

struct ResidualBranch {
  struct Layer {
    Convolution narrow;  // 3 taps, dilated
    GroupNorm narrow_norm;
    std::optional<Recurrent> recurrent;
    std::optional<LocalAttention> attention;
    Convolution widen;
    GroupNorm widen_norm;
    torch::Tensor scale;
  };
  std::vector<Layer> layers;
  std::optional<ResidualRows> rows;  // the same, faster, where it can be had

  /// (batch, channels, frames) or (batch, channels, bins, frames); comes out in the type it came in.
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;
};

struct ResidualOptions {
  std::int64_t depth = 2;
  double compress = 4.0;  // channels / compress, rounded down, in the middle
  bool dilate = true;     // by 2^layer
  bool recurrent = false, attention = false;
};

[[nodiscard]] ResidualBranch take_residual_branch(const Scope& scope, std::int64_t channels, const ResidualOptions& options);

}  // namespace sfa::separation::networks
