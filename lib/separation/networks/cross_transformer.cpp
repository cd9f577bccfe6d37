#include "cross_transformer.hpp"

#include <torch/torch.h>

#include <cmath>

#include "activations.hpp"
#include "attention.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {
namespace {

/// transformer.py: create_2d_sin_embedding, as (1, frames * bins, channels): half of the channels tell
/// the frame, half the bin.
torch::Tensor plane_positions(std::int64_t channels, std::int64_t bins, std::int64_t frames, double max_period) {
  const auto half = channels / 2;
  const auto rates = torch::exp(torch::arange(0, half, 2, torch::kFloat32) *
                                static_cast<float>(-std::log(max_period) / static_cast<double>(half)));
  const auto waves = [&](std::int64_t count) {  // (count, half): sines and cosines in turn
    const auto phase = torch::arange(count, torch::kFloat32).unsqueeze(1) * rates;
    return torch::stack({torch::sin(phase), torch::cos(phase)}, 2).view({count, half});
  };
  const auto across = waves(frames).unsqueeze(1).expand({frames, bins, half});
  const auto up = waves(bins).unsqueeze(0).expand({frames, bins, half});
  return torch::cat({across, up}, 2).view({1, frames * bins, channels});
}

/// transformer.py: create_sin_embedding, as (1, frames, channels): cosines, then sines.
torch::Tensor line_positions(const torch::Tensor& positions, std::int64_t channels, double max_period) {
  const auto half = channels / 2;
  const auto exponents = torch::arange(half, torch::kFloat32) / static_cast<double>(half - 1);
  const auto phase = positions.unsqueeze(1) / torch::pow(max_period, exponents);
  return torch::cat({torch::cos(phase), torch::sin(phase)}, 1).unsqueeze(0);
}

torch::Tensor scaled(const torch::Tensor& x, const torch::Tensor& scale) {
  return scale.defined() ? x * scale : x;
}

TokenNorm take_token_norm(const Scope& scope, std::int64_t channels, std::int64_t groups) {
  if (groups > 0) return {{}, take_group_norm(scope, channels, groups)};
  return {take_layer_norm(scope, channels), {}};
}

TransformerLayer take_layer(const Scope& scope, bool cross, std::int64_t channels, const Arguments& arguments,
                            torch::ScalarType type) {
  TransformerLayer layer;
  layer.heads = arguments.integer("t_heads", 8, 1, 256);
  if (channels % layer.heads != 0) throw Error(Error::Kind::invalid_data, "t_heads does not divide the channels");
  layer.norm_first = arguments.flag("t_norm_first", true);
  layer.gelu = arguments.flag("t_gelu", true);
  const auto groups = arguments.integer("t_group_norm", 0, 0, channels);
  const auto hidden = static_cast<std::int64_t>(static_cast<double>(channels) * arguments.number("t_hidden_scale", 4.0, 0.01, 64.0));
  const auto attention = scope / (cross ? "cross_attn" : "self_attn");
  layer.in_weight = attention("in_proj_weight", {3 * channels, channels}).to(type);
  layer.in_bias = attention("in_proj_bias", {3 * channels}).to(type);
  layer.out = take_linear(attention / "out_proj", channels, channels, type);
  layer.widen = take_linear(scope / "linear1", channels, hidden, type);
  layer.narrow = take_linear(scope / "linear2", hidden, channels, type);
  layer.norm_queries = take_token_norm(scope / "norm1", channels, groups);
  layer.norm_wide = take_token_norm(scope / "norm2", channels, groups);
  if (cross) {
    layer.norm_keys = layer.norm_wide;
    layer.norm_wide = take_token_norm(scope / "norm3", channels, groups);
    if (!layer.norm_first) layer.norm_wide = layer.norm_keys;  // norm3 is there and unused
  }
  if (const auto out = arguments.integer("t_norm_out", 1, 0, channels); layer.norm_first && out > 0)
    layer.norm_out = {{}, take_group_norm(scope / "norm_out", channels, out)};
  if (arguments.flag("t_layer_scale", true)) {
    layer.scale_attention = (scope / "gamma_1")("scale", {channels});
    layer.scale_wide = (scope / "gamma_2")("scale", {channels});
  }
  return layer;
}

}  // namespace

torch::Tensor TokenNorm::operator()(const torch::Tensor& x) const {
  if (layer) return (*layer)(x);
  return group ? (*group)(x.transpose(1, 2)).transpose(1, 2) : x;
}

torch::Tensor TransformerLayer::listen(const torch::Tensor& x, const torch::Tensor& other) const {
  const auto channels = x.size(2), width = channels / heads;
  const auto split = [&](const torch::Tensor& y) {  // (batch, tokens, channels) -> (batch * heads, tokens, width)
    return y.view({y.size(0), y.size(1), heads, width}).transpose(1, 2).reshape({-1, y.size(1), width}).contiguous();
  };
  const auto project = [&](const torch::Tensor& y, std::int64_t from, std::int64_t count) {
    return product(y, in_weight.narrow(0, from * channels, count * channels), in_bias.narrow(0, from * channels, count * channels));
  };
  std::vector<torch::Tensor> parts;
  if (other.defined()) {
    const auto pair = project(other, 1, 2).chunk(2, 2);
    parts = {project(x, 0, 1), pair[0], pair[1]};
  } else {
    parts = project(x, 0, 3).chunk(3, 2);
  }
  const auto heard = attend(split(parts[0]), split(parts[1]), split(parts[2]));
  return out(heard.view({x.size(0), heads, x.size(1), width}).transpose(1, 2).reshape(x.sizes())).to(torch::kFloat32);
}

torch::Tensor TransformerLayer::wide(const torch::Tensor& x) const {
  const auto y = widen(x);
  return narrow(gelu ? gelu_of(y) : torch::relu(y)).to(torch::kFloat32);
}

torch::Tensor TransformerLayer::operator()(const torch::Tensor& x, const torch::Tensor& other) const {
  if (!norm_first) {
    const auto y = norm_queries(x + scaled(listen(x, other), scale_attention));
    return norm_wide(y + scaled(wide(y), scale_wide));
  }
  const auto keys = other.defined() ? norm_keys(other) : other;
  auto y = x + scaled(listen(norm_queries(x), keys), scale_attention);
  y = y + scaled(wide(norm_wide(y)), scale_wide);
  return norm_out(y);
}

std::pair<torch::Tensor, torch::Tensor> CrossTransformer::operator()(const torch::Tensor& x, const torch::Tensor& xt,
                                                                     const std::function<void()>& between) const {
  const auto batch = x.size(0), channels = x.size(1), bins = x.size(2), frames = x.size(3);
  const auto moments = xt.size(2);
  auto f = x.to(torch::kFloat32).permute({0, 3, 2, 1}).reshape({batch, frames * bins, channels});
  f = norm_spectral(f) + position_weight * plane_positions(channels, bins, frames, max_period).to(f.device());
  auto t = xt.to(torch::kFloat32).transpose(1, 2).contiguous();
  auto positions = torch::arange(moments, torch::kFloat32);
  if (centred_positions) positions -= positions.mean();
  const auto line = position_table.defined() ? position_table.narrow(0, 0, moments).unsqueeze(0)
                                             : line_positions(positions, channels, max_period).to(t.device());
  t = norm_temporal(t) + position_weight * line;
  for (std::size_t i = 0; i < spectral.size(); ++i) {
    const bool cross = i % 2 == (cross_first ? 0U : 1U);
    const auto before = f;
    f = cross ? spectral[i](f, t) : spectral[i](f);
    between();
    t = cross ? temporal[i](t, before) : temporal[i](t);
    between();
  }
  return {f.view({batch, frames, bins, channels}).permute({0, 3, 2, 1}).contiguous(), t.transpose(1, 2).contiguous()};
}

CrossTransformer take_cross_transformer(const Scope& scope, std::int64_t channels, const Arguments& arguments,
                                        torch::ScalarType type) {
  arguments.demand("t_sparse_self_attn", false);
  arguments.demand("t_sparse_cross_attn", false);
  if (channels % 4 != 0) throw Error(Error::Kind::invalid_data, "a transformer needs a multiple of 4 channels");
  CrossTransformer transformer;
  transformer.cross_first = arguments.flag("t_cross_first", false);
  transformer.position_weight = arguments.number("t_weight_pos_embed", 1.0, -1e6, 1e6);
  transformer.max_period = arguments.number("t_max_period", 10000.0, 1.0, 1e12);
  const auto embedding = arguments.text("t_emb", "sin");
  if (embedding == "scaled") {
    constexpr double boost = 3.0;  // transformer.py: ScaledEmbedding
    const auto count = arguments.integer("t_max_positions", 10000, 1, 10000000);
    transformer.position_table = (scope / "position_embeddings" / "embedding")("weight", {count, channels}) * boost;
  } else if (embedding == "cape") {
    transformer.centred_positions = arguments.flag("t_cape_mean_normalize", true);
  } else if (embedding != "sin") {
    throw Error(Error::Kind::unsupported, "t_emb=" + embedding + " is not supported");
  }
  if (arguments.flag("t_norm_in", true)) {
    transformer.norm_spectral = take_token_norm(scope / "norm_in", channels, 0);
    transformer.norm_temporal = take_token_norm(scope / "norm_in_t", channels, 0);
  } else if (const auto groups = arguments.integer("t_norm_in_group", 0, 0, channels); groups > 0) {
    transformer.norm_spectral = take_token_norm(scope / "norm_in", channels, groups);
    transformer.norm_temporal = take_token_norm(scope / "norm_in_t", channels, groups);
  }
  const auto layers = arguments.integer("t_layers", 5, 0, 1000);
  for (std::int64_t i = 0; i < layers; ++i) {
    const bool cross = i % 2 == (transformer.cross_first ? 0 : 1);
    transformer.spectral.push_back(take_layer(scope / "layers" / i, cross, channels, arguments, type));
    transformer.temporal.push_back(take_layer(scope / "layers_t" / i, cross, channels, arguments, type));
  }
  return transformer;
}

}  // namespace sfa::separation::networks
