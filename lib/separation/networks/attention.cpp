#include "attention.hpp"

#include <torch/torch.h>

#include <cmath>
#include <vector>

#include "in_blocks.hpp"
#include "row_kernels.hpp"

namespace sfa::separation::networks {
namespace {

constexpr std::int64_t tile_queries = 256;

/// Each row of `scores` to its exponentials, in place; returns 1 / their sums as (rows, 1).
torch::Tensor exponentials(const torch::Tensor& scores, float scale) {
  auto shares = torch::empty({scores.size(0), 1});
  const auto width = scores.size(1);
  std::vector<float> buffer(static_cast<std::size_t>(width));
  for (std::int64_t row = 0; row < scores.size(0); ++row) {
    float& share = shares.data_ptr<float>()[row];
    if (scores.scalar_type() == torch::kBFloat16)
      share = kernels::exponentials(reinterpret_cast<std::uint16_t*>(scores.data_ptr<at::BFloat16>()) + row * width, scale, width,
                                    buffer.data());
    else
      share = kernels::exponentials(scores.data_ptr<float>() + row * width, scale, width);
  }
  return shares;
}

}  // namespace

torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v) {
  const auto heads = q.size(0), queries = q.size(1);
  const double scale = 1.0 / std::sqrt(static_cast<double>(q.size(2)));
  if (!q.is_cpu()) return torch::matmul(torch::softmax(torch::matmul(q * scale, k.transpose(1, 2)), 2), v);
  // BLAS is faster on keys that lie transposed, oneDNN (bfloat16) on those that do not.
  const bool is_float = q.scalar_type() == torch::kFloat32;
  const auto turned = is_float ? k.transpose(1, 2).contiguous() : k.transpose(1, 2);
  auto out = torch::empty_like(q);
  const auto tiles = (queries + tile_queries - 1) / tile_queries;
  in_blocks(heads * tiles, 1, [&](std::int64_t i, std::int64_t) {
    const auto head = i / tiles, first = i % tiles * tile_queries;
    const auto count = std::min(tile_queries, queries - first);
    const auto scores = torch::mm(q[head].narrow(0, first, count), turned[head]);
    const auto shares = exponentials(scores, static_cast<float>(scale));
    out[head].narrow(0, first, count).copy_(torch::mm(scores, v[head]) * shares);
  });
  return out;
}

}  // namespace sfa::separation::networks
