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
  // (batch, in, positions, rest): frames slide alone, bins with all frames beside them.
  const auto batch = x.size(0), positions = x.size(2);
  const auto rest = x.dim() == 4 ? x.size(3) : 1;
  const auto parts = kernel / stride;  // each position reaches into so many strides
  const auto out = bias.size(0);
  const auto columns = x.to(weight.scalar_type()).reshape({batch, x.size(1), positions * rest});
  const auto product = torch::matmul(weight, columns).view({batch, out, parts, stride, positions, rest});
  auto sum = torch::empty({batch, out, positions + parts - 1, stride, rest}, product.options());
  // Part p of position n lands in stride n + p.
  sum.narrow(2, 0, positions).copy_(product.select(2, 0).transpose(2, 3));
  sum.narrow(2, positions, parts - 1).zero_();
  for (std::int64_t p = 1; p < parts; ++p)
    sum.narrow(2, p, positions).add_(product.select(2, p).transpose(2, 3));
  sum = sum.view({batch, out, (positions + parts - 1) * stride, rest}).narrow(2, skip, length);
  sum = sum + bias.view({1, out, 1, 1});
  return x.dim() == 4 ? sum : sum.squeeze(3);
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
  auto weight = two_dimensions ? scope("weight", {in, out, kernel, 1}) : scope("weight", {in, out, kernel});
  weight = weight.view({in, out * kernel}).t().contiguous();
  return {weight.to(type), scope("bias", {out}).to(type), kernel, stride};
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
