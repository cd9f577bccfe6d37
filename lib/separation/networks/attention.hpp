// Attention of many queries to many keys without the whole matrix of their products: a few hundred
// queries of one head at a time, so that scores stay in the cache (231 MB a layer otherwise).
// Vaswani et al., "Attention Is All You Need", 2017, equation 1; in tiles after Rabe and Staats,
// "Self-attention Does Not Need O(n^2) Memory", 2021.
#pragma once
#include <torch/types.h>

namespace sfa::separation::networks {

/// softmax(q k' / sqrt(width)) v for each head. `q` (heads, queries, width), `k` and `v` (heads, keys,
/// width), all of one type; the result is (heads, queries, width) of that type.
[[nodiscard]] torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v);

}  // namespace sfa::separation::networks
