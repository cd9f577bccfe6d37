#include "activations.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <vector>

#include "in_blocks.hpp"
#include "row_kernels.hpp"

namespace sfa::separation::networks {
namespace {

constexpr std::int64_t block_values = 8192;

template <class Float>
void gelu_block(const Float* from, Float* to, std::int64_t size) {
  std::vector<float> values(from, from + size);
  kernels::gelu(values.data(), size);
  std::ranges::copy(values, to);
}

template <class Float>
void gate_block(const Float* from, const Float* by, Float* to, std::int64_t size) {
  std::vector<float> values(from, from + size), gates(by, by + size);
  kernels::gate(values.data(), gates.data(), size);
  std::ranges::copy(values, to);
}

template <class Work>
void for_type(const torch::Tensor& x, const Work& work) {
  if (x.scalar_type() == torch::kBFloat16) work(at::BFloat16{});
  else work(float{});
}

}  // namespace

torch::Tensor gelu_of(const torch::Tensor& x) {
  if (!x.is_cpu()) return torch::gelu(x);
  const auto in = x.contiguous();
  auto out = torch::empty_like(in);
  for_type(in, [&]<class Float>(Float) {
    in_blocks(in.numel(), block_values, [&](std::int64_t begin, std::int64_t size) {
      gelu_block(in.data_ptr<Float>() + begin, out.data_ptr<Float>() + begin, size);
    });
  });
  return out;
}

torch::Tensor gated(const torch::Tensor& x) {
  if (!x.is_cpu()) return torch::glu(x, 1);
  const auto in = x.contiguous();
  auto shape = in.sizes().vec();
  shape[1] /= 2;
  auto out = torch::empty(shape, in.options());
  const auto half = out.numel() / out.size(0);
  for_type(in, [&]<class Float>(Float) {
    for (std::int64_t b = 0; b < out.size(0); ++b) {
      const auto* from = in.data_ptr<Float>() + b * 2 * half;
      in_blocks(half, block_values, [&](std::int64_t begin, std::int64_t size) {
        gate_block(from + begin, from + half + begin, out.data_ptr<Float>() + b * half + begin, size);
      });
    }
  });
  return out;
}

}  // namespace sfa::separation::networks
