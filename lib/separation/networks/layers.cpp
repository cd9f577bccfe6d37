#include "layers.hpp"

#include <torch/torch.h>

#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {

torch::Tensor Convolution::operator()(const torch::Tensor& x) const {
  const std::vector<std::int64_t> no_output_padding(sliding.stride.size(), 0);
  return torch::convolution(x.to(weight.scalar_type()), weight, bias, sliding.stride, sliding.padding, sliding.dilation,
                            false, no_output_padding, 1);
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

torch::Tensor Linear::operator()(const torch::Tensor& x) const {
  return torch::linear(x.to(weight.scalar_type()), weight, bias);
}

Convolution take_convolution(const Scope& scope, std::int64_t in, std::int64_t out, std::vector<std::int64_t> taps,
                             Sliding sliding, torch::ScalarType type) {
  const auto weight = taps.size() == 1 ? scope("weight", {out, in, taps[0]}) : scope("weight", {out, in, taps[0], taps[1]});
  return {weight.to(type), scope("bias", {out}).to(type), std::move(sliding)};
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
  return {{weight.contiguous().to(type), bias.to(type), sliding}, stride, parts};
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
