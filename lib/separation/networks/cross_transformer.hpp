// The transformer between encoder and decoder of HTDemucs (demucs/transformer.py): layers that
// listen to their own side, frequency or time, and layers that listen to the other, in turn.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "layers.hpp"

namespace sfa::separation::networks {

/// A norm over all tokens and a group of channels, of (batch, tokens, channels).
struct TokenNorm {
  std::optional<LayerNorm> layer;
  std::optional<GroupNorm> group;  // neither: passes on
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;
};

struct TransformerLayer {
  std::int64_t heads = 8;
  bool norm_first = true, gelu = true;
  torch::Tensor in_weight, in_bias;  // queries, keys and values below one another
  Linear out, widen, narrow;
  TokenNorm norm_queries, norm_keys, norm_wide, norm_out;  // norm_keys: of the other side only
  torch::Tensor scale_attention, scale_wide;               // undefined: 1

  /// `x` (batch, tokens, channels) listens to `other`, or to itself where that is undefined. float32.
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x, const torch::Tensor& other = {}) const;

 private:
  [[nodiscard]] torch::Tensor listen(const torch::Tensor& x, const torch::Tensor& other) const;
  [[nodiscard]] torch::Tensor wide(const torch::Tensor& x) const;
};

struct CrossTransformer {
  std::vector<TransformerLayer> spectral, temporal;
  bool cross_first = false;
  TokenNorm norm_spectral, norm_temporal;
  double position_weight = 1.0, max_period = 10000.0;
  bool centred_positions = false;  // "cape" embedding with mean normalisation
  torch::Tensor position_table;    // "scaled" embedding, or undefined

  /// (batch, channels, bins, frames) and (batch, channels, frames); `between` is called between layers.
  [[nodiscard]] std::pair<torch::Tensor, torch::Tensor> operator()(const torch::Tensor& x, const torch::Tensor& xt,
                                                                   const std::function<void()>& between) const;
};

/// Reads the arguments t_*. Throws Error::unsupported for sparse attention.
[[nodiscard]] CrossTransformer take_cross_transformer(const Scope& scope, std::int64_t channels,
                                                      const Arguments& arguments, torch::ScalarType type);

}  // namespace sfa::separation::networks
