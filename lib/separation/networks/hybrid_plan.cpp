#include "hybrid_plan.hpp"

#include <algorithm>
#include <cstdlib>

#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {
namespace {

constexpr std::int64_t most_channels = 1 << 16;

/// The arguments that all levels share.
struct Common {
  std::int64_t depth, kernel, stride, time_stride, branches, norm_starts, norm_groups, recurrent_from, attention_from;
  std::int64_t residual_depth, context, encoder_context, banded_levels;
  double growth, compress;
  bool rewrite;
  std::vector<double> ratios;
};

Common read_common(const Arguments& arguments, bool transformer_class) {
  constexpr std::int64_t never = 1000;
  Common common{};
  common.depth = arguments.integer("depth", transformer_class ? 4 : 6, 1, 12);
  common.kernel = arguments.integer("kernel_size", 8, 1, 64);
  common.stride = arguments.integer("stride", 4, 1, 64);
  common.time_stride = arguments.integer("time_stride", 2, 1, 64);
  common.branches = arguments.integer("dconv_mode", 1, 0, 3);
  common.norm_starts = arguments.integer("norm_starts", 4, 0, never);
  common.norm_groups = arguments.integer("norm_groups", 4, 1, most_channels);
  common.recurrent_from = transformer_class ? never : arguments.integer("dconv_lstm", 4, 0, never);
  common.attention_from = transformer_class ? never : arguments.integer("dconv_attn", 4, 0, never);
  common.residual_depth = arguments.integer("dconv_depth", 2, -16, 16);
  common.compress = arguments.number("dconv_comp", transformer_class ? 8.0 : 4.0, 0.1, 4096.0);
  common.context = arguments.integer("context", 1, 0, 16);
  common.encoder_context = arguments.integer("context_enc", 0, 0, 16);
  common.growth = arguments.number("growth", 2.0, 0.1, 16.0);
  common.rewrite = arguments.flag("rewrite", true);
  common.ratios = arguments.numbers("multi_freqs");
  for (const double ratio : common.ratios)
    if (!(ratio > 0.0 && ratio < 1.0)) throw Error(Error::Kind::invalid_data, "multi_freqs must lie between 0 and 1");
  common.banded_levels = common.ratios.empty() ? 0 : arguments.integer("multi_freqs_depth", transformer_class ? 3 : 2, 0, never);
  return common;
}

/// The channels on their way down, of both sides.
struct Width {
  std::int64_t in, out, time_in, time_out;
};

/// The same layer on the time side.
LayerOptions on_time(LayerOptions layer, const Common& common, std::int64_t in, std::int64_t out, bool merges) {
  layer.on_bins = false;
  layer.kernel = common.kernel;
  layer.stride = common.stride;
  layer.padded = true;
  layer.in = in;
  layer.out = out;
  layer.first_only = merges;
  return layer;
}

HybridLevel plan_level(const Common& common, std::int64_t index, std::int64_t bins, Width& width, Width up) {
  HybridLevel level;
  auto& layer = level.encoder;
  layer.on_bins = bins > 1;
  const bool merges = layer.on_bins && bins <= common.kernel;
  layer.kernel = merges ? bins : layer.on_bins ? common.kernel : common.time_stride * 2;
  layer.stride = layer.on_bins ? common.stride : common.time_stride;
  layer.padded = !merges;
  if (merges) width.out = width.time_out = std::max(width.out, width.time_out);
  layer.in = width.in;
  layer.out = width.out;
  layer.rewrite = common.rewrite;
  layer.context = common.encoder_context;
  layer.norm_groups = index >= common.norm_starts ? common.norm_groups : 0;
  const ResidualOptions residual{std::abs(common.residual_depth), common.compress, common.residual_depth > 0,
                                 index >= common.recurrent_from, index >= common.attention_from};
  if ((common.branches & 1) != 0) layer.branch = residual;

  level.decoder = layer;
  level.decoder.in = width.out;
  level.decoder.out = up.in;
  level.decoder.last = index == 0;
  level.decoder.context = common.context;
  level.decoder.branch = (common.branches & 2) != 0 ? std::optional(residual) : std::nullopt;
  if (layer.on_bins) {
    level.time_encoder = on_time(layer, common, width.time_in, width.time_out, merges);
    level.time_decoder = on_time(level.decoder, common, width.time_out, up.time_in, merges);
  }
  if (index < common.banded_levels) {
    level.ratios = common.ratios;
    level.decoder.context_on_bins = false;
  }
  return level;
}

}  // namespace

HybridPlan plan_hybrid(const Arguments& arguments, bool transformer_class, std::int64_t channels, std::int64_t sources,
                       std::int64_t bins, bool complex) {
  const auto common = read_common(arguments, transformer_class);
  const std::int64_t parts = complex ? 2 : 1;
  Width width{};
  width.time_in = channels;
  width.in = channels * parts;
  width.out = arguments.integer("channels", 48, 1, most_channels);
  width.time_out = arguments.integer("channels_time", width.out, 1, most_channels);
  HybridPlan plan;
  for (std::int64_t index = 0; index < common.depth; ++index) {
    auto up = width;  // the way back ends with the stems
    if (index == 0) {
      up.in *= sources;
      up.time_in *= sources;
    }
    plan.levels.push_back(plan_level(common, index, bins, width, up));
    plan.bottom_channels = width.out;
    if (bins > 1) bins = bins <= common.kernel ? 1 : bins / common.stride;
    if (const double weight = arguments.number("freq_emb", 0.2, 0.0, 1e6); index == 0 && weight > 0.0) {
      plan.embedded_bins = bins;
      plan.embedding_scale = weight * arguments.number("emb_scale", 10.0, -1e6, 1e6);
    }
    const auto wider = [&](std::int64_t count) {
      const double grown = common.growth * static_cast<double>(count);
      if (grown > static_cast<double>(most_channels)) throw Error(Error::Kind::invalid_data, "the network's channels outgrow all bounds");
      return static_cast<std::int64_t>(grown);
    };
    width = {width.out, wider(width.out), width.time_out, wider(width.time_out)};
  }
  return plan;
}

}  // namespace sfa::separation::networks
