#include "layers.hpp"

#include <torch/torch.h>

#include <algorithm>

#include "in_blocks.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {

namespace {

// Positions that a thread multiplies at once: enough to keep it busy, few enough for its cache.
constexpr std::int64_t block_positions = 512;

/// Whether products are ours to share out: see in_blocks.hpp.
bool is_shared_out(const torch::Tensor& x) { return x.is_cpu() && x.scalar_type() == torch::kFloat32; }

/// A convolution of one tap is a product for each batch: (out, in) times (in, positions).
torch::Tensor pointwise(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias) {
  const auto in = x.contiguous().flatten(2);
  const auto matrix = weight.flatten(1);
  auto out = torch::empty({in.size(0), matrix.size(0), in.size(2)}, in.options());
  for (std::int64_t b = 0; b < in.size(0); ++b) {
    in_blocks(in.size(2), block_positions, [&](std::int64_t begin, std::int64_t size) {
      auto block = out[b].narrow(1, begin, size);
      torch::addmm_out(block, bias.unsqueeze(1), matrix, in[b].narrow(1, begin, size));
    });
  }
  auto shape = x.sizes().vec();
  shape[1] = matrix.size(0);
  return out.view(shape);
}

}  // namespace

torch::Tensor Convolution::operator()(const torch::Tensor& x) const {
  const std::vector<std::int64_t> no_output_padding(sliding.stride.size(), 0);
  const auto convolve = [&](const torch::Tensor& in, const std::vector<std::int64_t>& padding) {
    return torch::convolution(in, weight, bias, sliding.stride, padding, sliding.dilation, false, no_output_padding, 1);
  };
  if (!is_shared_out(weight)) return convolve(x.to(weight.scalar_type()), sliding.padding);
  if (is_pointwise) return pointwise(x.to(torch::kFloat32), weight, bias);
  // Along the first dimension that it slides along, padded here, in blocks that overlap by the taps.
  std::vector<std::int64_t> ends(static_cast<std::size_t>(2 * (x.dim() - 2)), 0);
  ends[ends.size() - 2] = ends[ends.size() - 1] = sliding.padding[0];
  const auto in = sliding.padding[0] > 0 ? torch::constant_pad_nd(x.to(torch::kFloat32), ends) : x.to(torch::kFloat32);
  auto padding = sliding.padding;
  padding[0] = 0;
  const auto reach = (weight.size(2) - 1) * sliding.dilation[0] + 1, stride = sliding.stride[0];
  const auto positions = (in.size(2) - reach) / stride + 1;
  auto shape = in.sizes().vec();
  shape[1] = weight.size(0);
  shape[2] = positions;
  auto out = torch::empty(shape, in.options());
  constexpr std::int64_t most_blocks = 32;
  in_blocks(positions, (positions + most_blocks - 1) / most_blocks, [&](std::int64_t begin, std::int64_t size) {
    out.narrow(2, begin, size).copy_(convolve(in.narrow(2, begin * stride, (size - 1) * stride + reach), padding));
  });
  return out;
}

torch::Tensor TransposedConvolution::operator()(const torch::Tensor& x, std::int64_t skip, std::int64_t length) const {
  const auto y = convolution(x);  // (batch, out * stride, positions, rest)
  const auto dealt = y.unflatten(1, {-1, stride}).transpose(2, 3).flatten(2, 3);
  return dealt.narrow(2, skip, length);
}

torch::Tensor GroupNorm::operator()(const torch::Tensor& x) const {
  if (groups == 0) return x;
  return torch::group_norm(x.to(torch::kFloat32), groups, weight, bias).to(x.scalar_type());
}

torch::Tensor LayerNorm::operator()(const torch::Tensor& x) const {
  return torch::layer_norm(x, {x.size(-1)}, weight, bias);
}

torch::Tensor product(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias) {
  if (!is_shared_out(weight)) return torch::linear(x.to(weight.scalar_type()), weight, bias);
  const auto in = x.to(torch::kFloat32).reshape({-1, x.size(-1)});
  auto out = torch::empty({in.size(0), weight.size(0)}, in.options());
  in_blocks(in.size(0), block_positions, [&](std::int64_t begin, std::int64_t size) {
    auto block = out.narrow(0, begin, size);
    torch::addmm_out(block, bias, in.narrow(0, begin, size), weight.t());
  });
  auto shape = x.sizes().vec();
  shape.back() = weight.size(0);
  return out.view(shape);
}

torch::Tensor Linear::operator()(const torch::Tensor& x) const { return product(x, weight, bias); }

Convolution take_convolution(const Scope& scope, std::int64_t in, std::int64_t out, std::vector<std::int64_t> taps,
                             Sliding sliding, torch::ScalarType type) {
  const auto weight = taps.size() == 1 ? scope("weight", {out, in, taps[0]}) : scope("weight", {out, in, taps[0], taps[1]});
  const bool is_pointwise = std::ranges::all_of(taps, [](auto count) { return count == 1; }) &&
                            std::ranges::all_of(sliding.stride, [](auto stride) { return stride == 1; });
  return {weight.to(type), scope("bias", {out}).to(type), std::move(sliding), is_pointwise};
}

TransposedConvolution take_transposed(const Scope& scope, std::int64_t in, std::int64_t out, std::int64_t kernel,
                                      std::int64_t stride, bool two_dimensions, torch::ScalarType type) {
  if (kernel % stride != 0)
    throw Error(Error::Kind::unsupported, "networks whose kernel is no multiple of the stride are not supported");
  const auto parts = kernel / stride;
  const auto stored = two_dimensions ? scope("weight", {in, out, kernel, 1}) : scope("weight", {in, out, kernel});
  // in, out, part, step -> out, step, in, part; what is heard first is the last part of what lies before.
  auto weight = stored.view({in, out, parts, stride}).permute({1, 3, 0, 2}).flip(3).reshape({out * stride, in, parts});
  Sliding sliding{{1}, {parts - 1}, {1}};
  if (two_dimensions) {
    weight = weight.unsqueeze(3);
    sliding = {{1, 1}, {parts - 1, 0}, {1, 1}};
  }
  const auto bias = scope("bias", {out}).repeat_interleave(stride);
  return {{weight.contiguous().to(type), bias.to(type), sliding, false}, stride, parts};
}

GroupNorm take_group_norm(const Scope& scope, std::int64_t channels, std::int64_t groups) {
  if (groups < 1 || channels % groups != 0)
    throw Error(Error::Kind::invalid_data, "a norm of " + std::to_string(channels) + " channels in " +
                                               std::to_string(groups) + " groups cannot be");
  return {groups, scope("weight", {channels}), scope("bias", {channels})};
}

LayerNorm take_layer_norm(const Scope& scope, std::int64_t channels) {
  return {scope("weight", {channels}), scope("bias", {channels})};
}

Linear take_linear(const Scope& scope, std::int64_t in, std::int64_t out, torch::ScalarType type) {
  return {scope("weight", {out, in}).to(type), scope("bias", {out}).to(type)};
}

}  // namespace sfa::separation::networks
