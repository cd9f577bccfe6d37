// GELU and GLU in one pass. libtorch's vectors end where a thread's share ends, and what is left over
// is rounded otherwise: its bits depend on the number of threads. These do not.
#pragma once
#include <torch/types.h>

namespace sfa::separation::networks {

/// x (1 + erf(x / sqrt 2)) / 2; Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
[[nodiscard]] torch::Tensor gelu_of(const torch::Tensor& x);

/// Of (batch, 2 n, ...): the first n channels times the sigmoid of the others. Dauphin et al.,
/// "Language Modeling with Gated Convolutional Networks", ICML 2017.
[[nodiscard]] torch::Tensor gated(const torch::Tensor& x);

}  // namespace sfa::separation::networks
