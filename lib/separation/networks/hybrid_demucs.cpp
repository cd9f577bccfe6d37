// HDemucs and HTDemucs: two U-nets, one on the spectrum and one on the waveform, that meet in their
// deepest layers (HDemucs) or in a transformer between encoder and decoder (HTDemucs).
// demucs/hdemucs.py, demucs/htdemucs.py.
#include <torch/torch.h>

#include <optional>

#include "cross_transformer.hpp"
#include "hybrid_layers.hpp"
#include "hybrid_plan.hpp"
#include "model.hpp"
#include "sfa/audio/error.hpp"
#include "spectrogram.hpp"

namespace sfa::separation::networks {
namespace {

using torch::Tensor;

/// A side's mean and deviation, taken out before the network and put back behind it.
struct Normal {
  Tensor mean, deviation;
  // Both at once: mean() by itself would be shared out among the threads and round as it is.
  Normal(const Tensor& x, std::vector<std::int64_t> over) { std::tie(deviation, mean) = torch::std_mean(x, over, true, true); }
  [[nodiscard]] Tensor apply(const Tensor& x) const { return (x - mean) / (1e-5 + deviation); }
  /// Of (batch, sources, ...).
  [[nodiscard]] Tensor undo(const Tensor& x) const { return x * deviation.unsqueeze(1) + mean.unsqueeze(1); }
};

/// A side's way between the U-net and a transformer of another width.
struct Adapter {
  Convolution up, down;
};

Tensor through(const Convolution& convolution, const Tensor& x) {
  return x.dim() == 3 ? convolution(x) : convolution(x.flatten(2)).view({x.size(0), -1, x.size(2), x.size(3)});
}

class Hybrid final : public Model {
 public:
  Hybrid(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type);
  [[nodiscard]] const ModelInfo& info() const override { return info_; }
  [[nodiscard]] std::int64_t valid_length(std::int64_t frames) const override;
  [[nodiscard]] int steps() const override;
  [[nodiscard]] Tensor forward(const Tensor& mix, const std::function<void()>& between) const override;

 private:
  void take_layers(const HybridPlan& plan, const Scope& all, torch::ScalarType type);
  void take_transformer(const Arguments& arguments, const Scope& all, std::int64_t channels, torch::ScalarType type);
  /// What a side is on its way through the U-nets.
  struct Sides {
    Tensor x, xt;
    std::vector<Tensor> skips, time_skips;
    std::vector<std::int64_t> frames, time_frames;  // before each layer
  };
  void encode(Sides& sides, const std::function<void()>& between) const;
  void cross(Sides& sides, const std::function<void()>& between) const;
  void decode(Sides& sides, const std::function<void()>& between) const;
  [[nodiscard]] Tensor masked(const Tensor& mixture, const Tensor& out) const;

  ModelInfo info_;
  bool transformer_class_;
  bool complex_as_channels_ = true;
  std::int64_t wiener_iterations_ = 0;
  Spectrogram spectrogram_;
  std::vector<BandEncoder> encoder_;
  std::vector<EncoderLayer> time_encoder_;
  std::vector<BandDecoder> decoder_;  // deepest first
  std::vector<DecoderLayer> time_decoder_;
  Tensor frequencies_;  // (1, channels, bins, 1), or undefined
  std::optional<CrossTransformer> transformer_;
  std::optional<Adapter> adapter_, time_adapter_;
};

Hybrid::Hybrid(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type)
    : transformer_class_(checkpoint.architecture == "HTDemucs") {
  const Arguments arguments(checkpoint.arguments);
  arguments.demand("hybrid", true);
  arguments.demand("wiener_residual", false);
  info_.sources = arguments.texts("sources");
  info_.channels = arguments.integer("audio_channels", 2, 1, 64);
  info_.rate = arguments.integer("samplerate", 44100, 1000, 768000);
  info_.segment_frames = arguments.frames("segment", transformer_class_ ? 10.0 : 40.0, info_.rate);
  info_.fixed_segment = transformer_class_ && arguments.flag("use_train_segment", true);
  complex_as_channels_ = arguments.flag("cac", true);
  wiener_iterations_ = arguments.integer("wiener_iters", 0, -1, 1000);
  if (!complex_as_channels_ && wiener_iterations_ > 0)
    throw Error(Error::Kind::unsupported, "networks with iterated Wiener filters (wiener_iters) are not supported");
  spectrogram_ = {arguments.integer("nfft", 4096, 64, 65536), arguments.flag("hybrid_old", false)};
  if (spectrogram_.size % 16 != 0) throw Error(Error::Kind::invalid_data, "nfft must be a multiple of 16");
  const auto plan = plan_hybrid(arguments, transformer_class_, info_.channels,
                                static_cast<std::int64_t>(info_.sources.size()), spectrogram_.size / 2, complex_as_channels_);
  const Scope all(weights, "");
  take_layers(plan, all, type);
  if (transformer_class_) take_transformer(arguments, all, plan.bottom_channels, type);
}

void Hybrid::take_layers(const HybridPlan& plan, const Scope& all, torch::ScalarType type) {
  const auto depth = static_cast<std::int64_t>(plan.levels.size());
  const auto time_depth = std::ranges::count_if(plan.levels, [](const auto& level) { return level.time_encoder.has_value(); });
  for (std::int64_t i = 0; i < depth; ++i) {
    const auto& level = plan.levels[static_cast<std::size_t>(i)];
    encoder_.push_back(take_band_encoder(all / "encoder" / i, level.encoder, level.ratios, type));
    if (level.time_encoder) time_encoder_.push_back(take_encoder(all / "tencoder" / i, *level.time_encoder, type));
  }
  for (std::int64_t i = 0; i < depth; ++i) {
    const auto& level = plan.levels[static_cast<std::size_t>(depth - 1 - i)];
    decoder_.push_back(take_band_decoder(all / "decoder" / i, level.decoder, level.ratios, type));
    if (const auto at = i - (depth - time_depth); level.time_decoder)
      time_decoder_.push_back(take_decoder(all / "tdecoder" / at, *level.time_decoder, type));
  }
  if (plan.embedded_bins > 0) {
    const auto table = (all / "freq_emb" / "embedding")("weight", {plan.embedded_bins, plan.levels.front().encoder.out});
    frequencies_ = (table * plan.embedding_scale).t().unsqueeze(0).unsqueeze(3).contiguous();
  }
}

void Hybrid::take_transformer(const Arguments& arguments, const Scope& all, std::int64_t channels, torch::ScalarType type) {
  const auto width = arguments.integer("bottom_channels", 0, 0, 1 << 16);
  const auto adapter = [&](const std::string& side) {
    const auto one = [&](const std::string& name, std::int64_t in, std::int64_t out) {
      return take_convolution(all / (name + side), in, out, {1}, {{1}, {0}, {1}}, type);
    };
    return Adapter{one("channel_upsampler", channels, width), one("channel_downsampler", width, channels)};
  };
  if (width > 0) {
    adapter_ = adapter("");
    time_adapter_ = adapter("_t");
  }
  if (arguments.integer("t_layers", 5, 0, 1000) > 0)
    transformer_ = take_cross_transformer(all / "crosstransformer", width > 0 ? width : channels, arguments, type);
}

std::int64_t Hybrid::valid_length(std::int64_t frames) const {
  if (!info_.fixed_segment) return frames;
  if (frames > info_.segment_frames)
    throw Error(Error::Kind::invalid_argument, "this network takes at most " + std::to_string(info_.segment_frames) + " frames at once");
  return info_.segment_frames;
}

int Hybrid::steps() const {
  const auto transformer = transformer_ ? 2 * transformer_->spectral.size() : 0;
  return static_cast<int>(encoder_.size() + decoder_.size() + transformer);
}

void Hybrid::encode(Sides& sides, const std::function<void()>& between) const {
  for (std::size_t i = 0; i < encoder_.size(); ++i) {
    Tensor injected;
    sides.frames.push_back(sides.x.size(-1));
    if (i < time_encoder_.size()) {
      sides.time_frames.push_back(sides.xt.size(2));
      sides.xt = time_encoder_[i](sides.xt);
      if (time_encoder_[i].first_only) injected = sides.xt;
      else sides.time_skips.push_back(sides.xt);
    }
    sides.x = encoder_[i](sides.x, injected);
    if (i == 0 && frequencies_.defined()) sides.x = sides.x + frequencies_.to(sides.x.scalar_type());
    sides.skips.push_back(sides.x);
    between();
  }
}

void Hybrid::cross(Sides& sides, const std::function<void()>& between) const {
  if (!transformer_class_) {  // all goes through the skips
    sides.x = torch::zeros_like(sides.x);
    sides.xt = torch::zeros_like(sides.x);
    return;
  }
  if (!transformer_) return;
  if (adapter_) {
    sides.x = through(adapter_->up, sides.x);
    sides.xt = through(time_adapter_->up, sides.xt);
  }
  std::tie(sides.x, sides.xt) = (*transformer_)(sides.x, sides.xt, between);
  if (adapter_) {
    sides.x = through(adapter_->down, sides.x);
    sides.xt = through(time_adapter_->down, sides.xt);
  }
}

void Hybrid::decode(Sides& sides, const std::function<void()>& between) const {
  const auto take_last = [](auto& list) {
    auto item = list.back();
    list.pop_back();
    return item;
  };
  const auto merged = decoder_.size() - time_decoder_.size();
  for (std::size_t i = 0; i < decoder_.size(); ++i) {
    const auto [out, before] = decoder_[i](sides.x, take_last(sides.skips), take_last(sides.frames));
    sides.x = out;
    if (i >= merged) {
      const auto& layer = time_decoder_[i - merged];
      const auto length = take_last(sides.time_frames);
      sides.xt = layer.first_only ? layer(before.select(2, 0), {}, length).out
                                  : layer(sides.xt, take_last(sides.time_skips), length).out;
    }
    between();
  }
}

// The stems' spectra as planes: what the network says, or its magnitudes with the mixture's phase.
Tensor Hybrid::masked(const Tensor& mixture, const Tensor& out) const {
  if (complex_as_channels_) return out.unflatten(2, {-1, 2});
  const auto magnitude = mixture.norm(2, 2, true);
  if (wiener_iterations_ < 0) return (mixture / (1e-8 + magnitude)).unsqueeze(1) * out.unsqueeze(3);
  auto phase = mixture / magnitude;
  phase.select(2, 0).masked_fill_(magnitude.squeeze(2) == 0, 1.0);  // silence has phase 0
  phase.select(2, 1).masked_fill_(magnitude.squeeze(2) == 0, 0.0);
  return phase.unsqueeze(1) * out.unsqueeze(3);
}

Tensor Hybrid::forward(const Tensor& mix, const std::function<void()>& between) const {
  const auto length = mix.size(2), batch = mix.size(0);
  const auto padded = torch::constant_pad_nd(mix, {0, valid_length(length) - length});
  const auto whole = padded.size(2);
  const auto z = spectrogram_.forward(padded);  // (batch, channels, 2, bins, frames)
  const auto x = complex_as_channels_ ? z.flatten(1, 2) : z.norm(2, 2);
  const Normal normal(x, {1, 2, 3}), time_normal(padded, {1, 2});
  Sides sides{normal.apply(x), time_normal.apply(padded), {}, {}, {}, {}};
  encode(sides, between);
  cross(sides, between);
  decode(sides, between);
  const auto stems = static_cast<std::int64_t>(info_.sources.size());
  const auto spectra = normal.undo(sides.x.to(torch::kFloat32).reshape({batch, stems, -1, z.size(3), z.size(4)}));
  const auto waves = time_normal.undo(sides.xt.to(torch::kFloat32).reshape({batch, stems, -1, whole}));
  return (waves + spectrogram_.inverse(masked(z, spectra), whole)).narrow(3, 0, length);
}

}  // namespace

std::unique_ptr<Model> make_hybrid(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type) {
  return std::make_unique<Hybrid>(checkpoint, weights, type);
}

}  // namespace sfa::separation::networks
