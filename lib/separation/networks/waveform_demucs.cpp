// Demucs: one U-net on the waveform (demucs/demucs.py, the version of the MDX challenge of 2021).
#include <torch/torch.h>

#include <cmath>
#include <optional>

#include "activations.hpp"
#include "arguments.hpp"
#include "layers.hpp"
#include "local_attention.hpp"
#include "model.hpp"
#include "residual_branch.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {
namespace {

using torch::Tensor;

// The windowed sinc of https://github.com/adefossez/julius (resample_frac), which the networks were
// trained with: from `from` to `to` samples, both 1 or 2.
Tensor resampled(const Tensor& x, std::int64_t from, std::int64_t to) {
  constexpr double zeros = 24.0, rolloff = 0.945, pi = 3.14159265358979323846;
  const double rate = static_cast<double>(std::min(from, to)) * rolloff;
  const auto width = static_cast<std::int64_t>(std::ceil(zeros * static_cast<double>(from) / rate));
  const auto index = torch::arange(-width, width + from, torch::kFloat32);
  std::vector<Tensor> kernels;
  for (std::int64_t i = 0; i < to; ++i) {
    const double shift = static_cast<double>(i) / static_cast<double>(to);
    const auto t = torch::clamp((index / static_cast<double>(from) - shift) * rate, -zeros, zeros) * pi;
    const auto sinc = torch::where(t == 0, torch::ones_like(t), torch::sin(t) / t);
    const auto kernel = sinc * torch::cos(t / zeros / 2.0).pow(2);
    kernels.push_back(kernel / kernel.sum());
  }
  const auto padded = torch::replication_pad1d(x.reshape({-1, 1, x.size(2)}), {width, width + from});
  const auto y = torch::conv1d(padded, torch::stack(kernels).unsqueeze(1).to(x.device()), {}, from);
  return y.transpose(1, 2).reshape({x.size(0), x.size(1), -1}).narrow(2, 0, to * x.size(2) / from);
}

Tensor centred(const Tensor& x, std::int64_t frames) { return x.narrow(2, (x.size(2) - frames) / 2, frames); }

struct Activation {
  bool is_gated = true;  // GLU, else ReLU
  [[nodiscard]] Tensor operator()(const Tensor& x) const { return is_gated ? gated(x) : torch::relu(x); }
};

struct Level {
  Convolution down;
  GroupNorm down_norm, rewrite_norm, back_norm, up_norm;
  std::optional<ResidualBranch> branch, back_branch;
  std::optional<Convolution> rewrite, back;
  TransposedConvolution up;
};

class Waveform final : public Model {
 public:
  Waveform(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type);
  [[nodiscard]] const ModelInfo& info() const override { return info_; }
  [[nodiscard]] std::int64_t valid_length(std::int64_t frames) const override;
  [[nodiscard]] int steps() const override { return static_cast<int>(2 * levels_.size()); }
  [[nodiscard]] Tensor forward(const Tensor& mix, const std::function<void()>& between) const override;

 private:
  void take_level(const Arguments& arguments, const Scope& all, std::int64_t index, std::int64_t in, std::int64_t out,
                  torch::ScalarType type);
  [[nodiscard]] Tensor activated(const Tensor& x) const { return gelu_ ? gelu_of(x) : torch::relu(x); }

  ModelInfo info_;
  std::int64_t depth_, kernel_, stride_;
  bool normalize_, resample_, gelu_;
  Activation gate_;
  std::vector<Level> levels_;  // shallow first
  std::optional<Recurrent> recurrent_;
};

Waveform::Waveform(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type) {
  const Arguments arguments(checkpoint.arguments);
  constexpr std::int64_t most_channels = 1 << 16;
  info_.sources = arguments.texts("sources");
  info_.channels = arguments.integer("audio_channels", 2, 1, 64);
  info_.rate = arguments.integer("samplerate", 44100, 1000, 768000);
  info_.segment_frames = arguments.frames("segment", 40.0, info_.rate);
  depth_ = arguments.integer("depth", 6, 1, 12);
  kernel_ = arguments.integer("kernel_size", 8, 1, 64);
  stride_ = arguments.integer("stride", 4, 1, 64);
  normalize_ = arguments.flag("normalize", true);
  resample_ = arguments.flag("resample", true);
  gelu_ = arguments.flag("gelu", true);
  gate_.is_gated = arguments.flag("glu", true);
  const Scope all(weights, "");
  const double growth = arguments.number("growth", 2.0, 0.1, 16.0);
  std::int64_t in = info_.channels, out = arguments.integer("channels", 64, 1, most_channels);
  for (std::int64_t index = 0; index < depth_; ++index) {
    if (out > most_channels) throw Error(Error::Kind::invalid_data, "the network's channels outgrow all bounds");
    take_level(arguments, all, index, in, out, type);
    in = out;
    out = static_cast<std::int64_t>(growth * static_cast<double>(out));
  }
  if (const auto layers = arguments.integer("lstm_layers", 0, 0, 16); layers > 0)
    recurrent_ = take_recurrent(all / "lstm", in, layers, false);
}

void Waveform::take_level(const Arguments& arguments, const Scope& all, std::int64_t index, std::int64_t in,
                          std::int64_t out, torch::ScalarType type) {
  const bool rewrite = arguments.flag("rewrite", true);
  const auto context = arguments.integer("context", 1, 0, 16), branches = arguments.integer("dconv_mode", 1, 0, 3);
  const auto groups = index >= arguments.integer("norm_starts", 4, 0, 1000) ? arguments.integer("norm_groups", 4, 1, 1 << 16) : 0;
  const auto residual_depth = arguments.integer("dconv_depth", 2, -16, 16);
  const ResidualOptions residual{std::abs(residual_depth), arguments.number("dconv_comp", 4.0, 0.1, 4096.0),
                                 residual_depth > 0, index >= arguments.integer("dconv_lstm", 4, 0, 1000),
                                 index >= arguments.integer("dconv_attn", 4, 0, 1000)};
  const auto wide = (gate_.is_gated ? 2 : 1) * out;
  const auto norm = [&](const Scope& scope, std::int64_t channels) {
    return groups > 0 ? take_group_norm(scope, channels, groups) : GroupNorm{};
  };
  Level level;
  const auto encoder = all / "encoder" / index;
  std::int64_t at = 0;  // layers are numbered one after another, activations too
  level.down = take_convolution(encoder / at++, in, out, {kernel_}, {{stride_}, {0}, {1}}, type);
  level.down_norm = norm(encoder / at++, out);
  ++at;
  if ((branches & 1) != 0) level.branch = take_residual_branch(encoder / at++, out, residual);
  if (rewrite) {
    level.rewrite = take_convolution(encoder / at++, out, wide, {1}, {{1}, {0}, {1}}, type);
    level.rewrite_norm = norm(encoder / at, wide);
  }
  const auto decoder = all / "decoder" / (depth_ - 1 - index);
  const auto back = index > 0 ? in : info_.channels * static_cast<std::int64_t>(info_.sources.size());
  at = 0;
  if (rewrite) {
    level.back = take_convolution(decoder / at++, out, wide, {2 * context + 1}, {{1}, {context}, {1}}, type);
    level.back_norm = norm(decoder / at++, wide);
    ++at;
  }
  if ((branches & 2) != 0) level.back_branch = take_residual_branch(decoder / at++, out, residual);
  level.up = take_transposed(decoder / at++, out, back, kernel_, stride_, false, type);
  if (index > 0) level.up_norm = norm(decoder / at, back);
  levels_.push_back(std::move(level));
}

// Demucs.valid_length: no frame is left over in any convolution.
std::int64_t Waveform::valid_length(std::int64_t frames) const {
  auto length = frames * (resample_ ? 2 : 1);
  for (std::int64_t i = 0; i < depth_; ++i)
    length = std::max<std::int64_t>(1, (std::max<std::int64_t>(0, length - kernel_) + stride_ - 1) / stride_ + 1);
  for (std::int64_t i = 0; i < depth_; ++i) length = (length - 1) * stride_ + kernel_;
  return resample_ ? (length + 1) / 2 : length;
}

Tensor Waveform::forward(const Tensor& mix, const std::function<void()>& between) const {
  const auto frames = mix.size(2), spare = valid_length(frames) - frames;
  auto x = mix;
  Tensor mean, deviation;
  if (normalize_) {
    const auto mono = mix.mean(1, true);
    std::tie(deviation, mean) = torch::std_mean(mono, {2}, true, true);
    x = (x - mean) / (1e-5 + deviation);
  }
  x = torch::constant_pad_nd(x, {spare / 2, spare - spare / 2});
  if (resample_) x = resampled(x, 1, 2);
  std::vector<Tensor> skips;
  for (const auto& level : levels_) {
    x = activated(level.down_norm(level.down(x)));
    if (level.branch) x = (*level.branch)(x);
    if (level.rewrite) x = gate_(level.rewrite_norm((*level.rewrite)(x)));
    skips.push_back(x);
    between();
  }
  if (recurrent_) x = (*recurrent_)(x.to(torch::kFloat32)).to(x.scalar_type());
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    x = x + centred(skips.back(), x.size(2));
    skips.pop_back();
    if (level->back) x = gate_(level->back_norm((*level->back)(x)));
    if (level->back_branch) x = (*level->back_branch)(x);
    x = level->up(x, 0, level->up.whole(x.size(2)));
    if (level + 1 != levels_.rend()) x = activated(level->up_norm(x));
    between();
  }
  x = x.to(torch::kFloat32);
  if (resample_) x = resampled(x, 2, 1);
  if (normalize_) x = x * deviation + mean;
  return centred(x, frames).reshape({mix.size(0), static_cast<std::int64_t>(info_.sources.size()), info_.channels, frames});
}

}  // namespace

std::unique_ptr<Model> make_waveform(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type) {
  return std::make_unique<Waveform>(checkpoint, weights, type);
}

}  // namespace sfa::separation::networks
