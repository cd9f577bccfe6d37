// The layers that every network here is built from. Weights are kept in the type that they are
// multiplied in (float32 or bfloat16); what goes in is converted to it, and comes out in it.
#pragma once
#include <torch/types.h>

#include <vector>

#include "weights.hpp"

namespace sfa::separation::networks {

/// How a layer slides: one number for each dimension that it slides along.
struct Sliding {
  std::vector<std::int64_t> stride, padding, dilation;
};

/// Cross-correlation with a bias, over (batch, channels, frames) or (batch, channels, bins, frames).
struct Convolution {
  torch::Tensor weight, bias;
  Sliding sliding;
  bool is_pointwise = false;  // one tap, without gaps or padding: a matrix product
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;
};

/// Its transpose along one dimension, the frames, or the bins where there are four. The kernel is `parts`
/// times the stride, so that it is an ordinary convolution of `parts` taps to `stride` times as many
/// channels, whose channels are then dealt out along the dimension: faster, and in libtorch 1.13 a
/// transposed convolution in bfloat16 with unequal channel counts throws.
struct TransposedConvolution {
  Convolution convolution;
  std::int64_t stride = 0, parts = 0;

  /// Frames (bins) `skip` up to `skip + length` of the whole result.
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x, std::int64_t skip, std::int64_t length) const;
  /// How many there are in the whole.
  [[nodiscard]] std::int64_t whole(std::int64_t length) const { return (length - 1 + parts) * stride; }
  /// One for each channel.
  [[nodiscard]] torch::Tensor bias() const { return convolution.bias.view({-1, stride}).select(1, 0); }
};

/// Wu and He, "Group Normalization", ECCV 2018. Over (batch, channels, ...); sums in float32. No groups: passes on.
struct GroupNorm {
  std::int64_t groups = 0;
  torch::Tensor weight, bias;
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;
};

/// Along the last dimension, in float32.
struct LayerNorm {
  torch::Tensor weight, bias;
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;
};

/// x weight' + bias along the last dimension, with the same bits on any number of threads.
[[nodiscard]] torch::Tensor product(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias);

/// The same as a layer.
struct Linear {
  torch::Tensor weight, bias;
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;
};

/// `taps` is the kernel's size along each dimension.
[[nodiscard]] Convolution take_convolution(const Scope& scope, std::int64_t in, std::int64_t out,
                                           std::vector<std::int64_t> taps, Sliding sliding, torch::ScalarType type);
[[nodiscard]] TransposedConvolution take_transposed(const Scope& scope, std::int64_t in, std::int64_t out,
                                                    std::int64_t kernel, std::int64_t stride, bool two_dimensions,
                                                    torch::ScalarType type);
[[nodiscard]] GroupNorm take_group_norm(const Scope& scope, std::int64_t channels, std::int64_t groups);
[[nodiscard]] LayerNorm take_layer_norm(const Scope& scope, std::int64_t channels);
[[nodiscard]] Linear take_linear(const Scope& scope, std::int64_t in, std::int64_t out, torch::ScalarType type);

}  // namespace sfa::separation::networks
