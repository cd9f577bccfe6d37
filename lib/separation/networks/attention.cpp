#include "attention.hpp"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <cmath>

namespace sfa::separation::networks {
namespace {

constexpr std::int64_t tile_queries = 256;

}  // namespace

torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v) {
  const auto heads = q.size(0), queries = q.size(1);
  const auto scaled = q * (1.0 / std::sqrt(static_cast<double>(q.size(2))));
  const auto turned = k.transpose(1, 2);
  auto out = torch::empty_like(q);
  const auto tiles = (queries + tile_queries - 1) / tile_queries;
  at::parallel_for(0, heads * tiles, 1, [&](std::int64_t begin, std::int64_t end) {
    const c10::InferenceMode inference;
    for (auto i = begin; i < end; ++i) {
      const auto head = i / tiles, first = i % tiles * tile_queries;
      const auto count = std::min(tile_queries, queries - first);
      const auto scores = torch::mm(scaled[head].narrow(0, first, count), turned[head]);
      out[head].narrow(0, first, count).copy_(torch::mm(torch::softmax(scores, 1), v[head]));
    }
  });
  return out;
}

}  // namespace sfa::separation::networks
