#include "residual_branch.hpp"

#include <torch/torch.h>

#include "activations.hpp"

namespace sfa::separation::networks {
namespace {

torch::Tensor through(const ResidualBranch::Layer& layer, const torch::Tensor& x) {
  auto y = gelu_of(layer.narrow_norm(layer.narrow(x)));
  if (layer.recurrent) y = (*layer.recurrent)(y);
  if (layer.attention) y = (*layer.attention)(y);
  y = gated(layer.widen_norm(layer.widen(y)));
  return x + layer.scale.view({1, -1, 1}) * y;
}

}  // namespace

torch::Tensor ResidualBranch::operator()(const torch::Tensor& x) const {
  if (rows && x.is_cpu()) return (*rows)(x);
  auto y = x.to(torch::kFloat32);
  if (x.dim() == 4) y = y.permute({0, 2, 1, 3}).reshape({-1, x.size(1), x.size(3)});
  for (const auto& layer : layers) y = through(layer, y);
  if (x.dim() == 4) y = y.view({x.size(0), x.size(2), x.size(1), x.size(3)}).permute({0, 2, 1, 3});
  return y.to(x.scalar_type());
}

ResidualBranch take_residual_branch(const Scope& scope, std::int64_t channels, const ResidualOptions& options) {
  ResidualBranch branch;
  const auto hidden = static_cast<std::int64_t>(static_cast<double>(channels) / options.compress);
  for (std::int64_t d = 0; d < options.depth; ++d) {
    const auto at = scope / "layers" / d;
    const std::int64_t dilation = options.dilate ? std::int64_t{1} << d : 1;
    ResidualBranch::Layer layer;
    layer.narrow = take_convolution(at / 0, channels, hidden, {3}, {{1}, {dilation}, {dilation}}, torch::kFloat32);
    layer.narrow_norm = take_group_norm(at / 1, hidden, 1);
    std::int64_t next = 3;  // 2 is the GELU
    if (options.recurrent) layer.recurrent = take_recurrent(at / next++, hidden, 2, true);
    if (options.attention) layer.attention = take_local_attention(at / next++, hidden);
    layer.widen = take_convolution(at / next++, hidden, 2 * channels, {1}, {{1}, {0}, {1}}, torch::kFloat32);
    layer.widen_norm = take_group_norm(at / next++, 2 * channels, 1);
    ++next;  // the GLU
    layer.scale = (at / next)("scale", {channels});
    branch.layers.push_back(std::move(layer));
  }
  if (!options.recurrent && !options.attention && !branch.layers.empty() && branch.layers.front().scale.is_cpu()) branch.rows.emplace(branch);
  return branch;
}

}  // namespace sfa::separation::networks
