// What Demucs' residual branches hold in their deeper layers (demucs/demucs.py: BLSTM, LocalState).
#pragma once
#include "layers.hpp"

namespace sfa::separation::networks {

/// Layers of a bidirectional LSTM over all frames, or over overlapping stretches of 200 with what went in added.
struct Recurrent {
  std::int64_t layers = 2;
  bool in_stretches = true;
  std::vector<torch::Tensor> parameters;  // as torch::lstm takes them
  Linear linear;
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;  // (rows, channels, frames), float32

 private:
  [[nodiscard]] torch::Tensor through_lstm(const torch::Tensor& x) const;
};

/// Attention by content with a penalty that grows with the distance in time, and what went in added.
struct LocalAttention {
  std::int64_t heads = 4, decays = 4;
  Convolution content, query, key, query_decay, projection;
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const;  // (rows, channels, frames), float32
};

[[nodiscard]] Recurrent take_recurrent(const Scope& scope, std::int64_t channels, std::int64_t layers, bool in_stretches);
[[nodiscard]] LocalAttention take_local_attention(const Scope& scope, std::int64_t channels);

}  // namespace sfa::separation::networks
