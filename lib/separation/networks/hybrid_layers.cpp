#include "hybrid_layers.hpp"

#include <torch/torch.h>

#include <cmath>

#include "activations.hpp"

namespace sfa::separation::networks {
namespace {

Sliding sliding_along(bool on_bins, std::int64_t stride, std::int64_t padding) {
  if (on_bins) return {{stride, 1}, {padding, 0}, {1, 1}};
  return {{stride}, {padding}, {1}};
}

std::vector<std::int64_t> taps_along(bool on_bins, std::int64_t taps) {
  return on_bins ? std::vector<std::int64_t>{taps, 1} : std::vector<std::int64_t>{taps};
}

GroupNorm norm_of(const Scope& scope, const LayerOptions& options, std::int64_t channels) {
  return options.norm_groups > 0 ? take_group_norm(scope, channels, options.norm_groups) : GroupNorm{};
}

}  // namespace

torch::Tensor EncoderLayer::operator()(torch::Tensor x, torch::Tensor injected) const {
  if (!on_bins) {
    if (x.dim() == 4) x = x.reshape({x.size(0), -1, x.size(3)});
    const auto left_over = x.size(2) % stride;
    if (left_over != 0) x = torch::constant_pad_nd(x, {0, stride - left_over});
  }
  auto y = convolution(x);
  if (first_only) return y;
  if (injected.defined()) y = y + (injected.dim() < y.dim() ? injected.unsqueeze(2) : injected);
  y = gelu_of(norm(y));
  if (branch) y = (*branch)(y);
  return rewrite ? gated(rewrite_norm((*rewrite)(y))) : y;
}

DecoderLayer::Result DecoderLayer::operator()(torch::Tensor x, const torch::Tensor& skip, std::int64_t frames) const {
  if (on_bins && x.dim() == 3) x = x.reshape({x.size(0), in, -1, x.size(2)});
  if (!first_only) {
    x = x + skip;
    if (rewrite) x = gated(rewrite_norm((*rewrite)(x)));
    if (branch) x = (*branch)(x);
  }
  const auto whole = convolution.whole(x.size(2));
  auto z = norm.groups > 0 ? norm(convolution(x, 0, whole)).narrow(2, padding, on_bins ? whole - 2 * padding : frames)
                           : convolution(x, padding, on_bins ? whole - 2 * padding : frames);
  if (!last) z = gelu_of(z);
  return {z, x};
}

torch::Tensor BandEncoder::operator()(const torch::Tensor& x, const torch::Tensor& injected) const {
  if (layers.size() == 1) return layers.front()(x, injected);
  const auto bins = x.size(2);
  std::vector<torch::Tensor> bands;
  std::int64_t begin = 0;
  for (std::size_t band = 0; band < layers.size(); ++band) {
    const auto& layer = layers[band];
    const auto padding = layer.kernel / 4;
    const bool top = band + 1 == layers.size();
    std::int64_t end = bins;
    if (!top) {
      // Where the last whole step of the kernel before the ratio ends.
      const auto size = std::lrint(static_cast<double>(bins) * ratios[band]) - begin + (begin == 0 ? padding : 0);
      const auto steps = std::lrint(static_cast<double>(size - layer.kernel) / static_cast<double>(layer.stride) + 1.0);
      end = begin + (steps - 1) * layer.stride + layer.kernel - (begin == 0 ? padding : 0);
    }
    const auto part = x.narrow(2, begin, end - begin);
    bands.push_back(layer(torch::constant_pad_nd(part, {0, 0, begin == 0 ? padding : 0, top ? padding : 0})));
    begin = end - layer.kernel + layer.stride;
  }
  return torch::cat(bands, 2);
}

DecoderLayer::Result BandDecoder::operator()(const torch::Tensor& x, const torch::Tensor& skip, std::int64_t frames) const {
  if (layers.size() == 1) return layers.front()(x, skip, frames);
  const auto bins = x.size(2);
  std::vector<torch::Tensor> bands;
  std::int64_t begin = 0;
  for (std::size_t band = 0; band < layers.size(); ++band) {
    const auto& layer = layers[band];
    const auto stride = layer.convolution.stride;
    const bool top = band + 1 == layers.size();
    const auto end = top ? bins : std::lrint(static_cast<double>(bins) * ratios[band]);
    auto out = layer(x.narrow(2, begin, end - begin), skip.narrow(2, begin, end - begin), frames).out;
    if (!bands.empty()) {
      // Neighbours overlap by one stride; the bias counts once.
      auto& before = bands.back();
      before.narrow(2, before.size(2) - stride, stride)
          .add_(out.narrow(2, 0, stride) - layer.convolution.bias().view({1, -1, 1, 1}));
      out = out.narrow(2, stride, out.size(2) - stride);
    }
    if (top) out = out.narrow(2, 0, out.size(2) - stride / 2);
    if (begin == 0) out = out.narrow(2, stride / 2, out.size(2) - stride / 2);
    bands.push_back(out);
    begin = end;
  }
  auto out = torch::cat(bands, 2);
  return {last ? out : gelu_of(out), {}};
}

EncoderLayer take_encoder(const Scope& scope, const LayerOptions& options, torch::ScalarType type) {
  EncoderLayer layer;
  layer.on_bins = options.on_bins;
  layer.first_only = options.first_only;
  layer.kernel = options.kernel;
  layer.stride = options.stride;
  layer.convolution = take_convolution(
      scope / "conv", options.in, options.out, taps_along(options.on_bins, options.kernel),
      sliding_along(options.on_bins, options.stride, options.padded ? options.kernel / 4 : 0), type);
  if (options.first_only) return layer;
  layer.norm = norm_of(scope / "norm1", options, options.out);
  if (options.rewrite) {
    const auto taps = 1 + 2 * options.context;
    const auto square = options.on_bins ? std::vector<std::int64_t>{taps, taps} : std::vector<std::int64_t>{taps};
    const auto padding = std::vector<std::int64_t>(square.size(), options.context);
    const auto ones = std::vector<std::int64_t>(square.size(), 1);
    layer.rewrite = take_convolution(scope / "rewrite", options.out, 2 * options.out, square, {ones, padding, ones}, type);
    layer.rewrite_norm = norm_of(scope / "norm2", options, 2 * options.out);
  }
  if (options.branch) layer.branch = take_residual_branch(scope / "dconv", options.out, *options.branch);
  return layer;
}

DecoderLayer take_decoder(const Scope& scope, const LayerOptions& options, torch::ScalarType type) {
  DecoderLayer layer;
  layer.on_bins = options.on_bins;
  layer.first_only = options.first_only;
  layer.last = options.last;
  layer.in = options.in;
  layer.padding = options.padded ? options.kernel / 4 : 0;
  layer.convolution =
      take_transposed(scope / "conv_tr", options.in, options.out, options.kernel, options.stride, options.on_bins, type);
  layer.norm = norm_of(scope / "norm2", options, options.out);
  if (options.first_only) return layer;
  if (options.rewrite) {
    const auto taps = 1 + 2 * options.context, bins = options.context_on_bins ? options.context : 0;
    const auto square = options.on_bins ? std::vector<std::int64_t>{1 + 2 * bins, taps} : std::vector<std::int64_t>{taps};
    const auto padding = options.on_bins ? std::vector<std::int64_t>{bins, options.context}
                                         : std::vector<std::int64_t>{options.context};
    const auto ones = std::vector<std::int64_t>(square.size(), 1);
    layer.rewrite = take_convolution(scope / "rewrite", options.in, 2 * options.in, square, {ones, padding, ones}, type);
    layer.rewrite_norm = norm_of(scope / "norm1", options, 2 * options.in);
  }
  if (options.branch) layer.branch = take_residual_branch(scope / "dconv", options.in, *options.branch);
  return layer;
}

BandEncoder take_band_encoder(const Scope& scope, const LayerOptions& options, const std::vector<double>& ratios,
                              torch::ScalarType type) {
  if (ratios.empty()) return {{}, {take_encoder(scope, options, type)}};
  auto banded = options;
  banded.padded = false;  // each band is padded where it ends
  BandEncoder encoder{ratios, {}};
  for (std::size_t band = 0; band <= ratios.size(); ++band)
    encoder.layers.push_back(take_encoder(scope / "layers" / static_cast<std::int64_t>(band), banded, type));
  return encoder;
}

BandDecoder take_band_decoder(const Scope& scope, const LayerOptions& options, const std::vector<double>& ratios,
                              torch::ScalarType type) {
  if (ratios.empty()) return {{}, {take_decoder(scope, options, type)}, options.last};
  auto banded = options;
  banded.padded = false;
  banded.last = true;  // a GELU comes when the bands are joined
  BandDecoder decoder{ratios, {}, options.last};
  for (std::size_t band = 0; band <= ratios.size(); ++band)
    decoder.layers.push_back(take_decoder(scope / "layers" / static_cast<std::int64_t>(band), banded, type));
  return decoder;
}

}  // namespace sfa::separation::networks
