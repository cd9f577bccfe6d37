// The small network over a stretch of sound: spectra, features, masks, and stems that add up to the mix.
#include "in_blocks.hpp"
#include "model.hpp"
#include "sfa/audio/error.hpp"
#include "trained_band_unet.hpp"

namespace sfa::separation::networks {
namespace {

using torch::Tensor;

/// What the trained mixes' deviation is; a sound comes with a deviation of 1 (level_norm.hpp).
constexpr float trained_level = 0.17F;  // -15.4 dB

/// Spectra of a stretch: spectrum i begins size - hop samples before sample i * hop, so that every sample is covered
/// by as many of them.
struct Spectra {
  std::vector<MidSide> frames;
  Tensor features;  // (1, frames, bands, features)
};

class BandMasks final : public Model {
 public:
  BandMasks(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type);
  [[nodiscard]] const ModelInfo& info() const override { return info_; }
  [[nodiscard]] int steps() const override { return 2 + static_cast<int>(info_.sources.size()); }
  [[nodiscard]] Tensor forward(const Tensor& mix, const std::function<void()>& between) const override;

 private:
  [[nodiscard]] Spectra spectra_of(const Tensor& sound) const;
  [[nodiscard]] Tensor stem_of(const Spectra& spectra, const Tensor& masks, std::int64_t source, std::int64_t length) const;

  ModelInfo info_;
  torch::ScalarType type_;
  mutable BandUNet network_;  // forward() of a module is not const
  torch::Device device_;
};

BandMasks::BandMasks(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type)
    : type_(type), network_(trained_band_unet(checkpoint, weights, type)), device_(network_->parameters().front().device()) {
  const auto& plan = network_->plan();
  info_.sources = plan.sources;
  info_.rate = plan.rate;
  info_.segment_frames = 20 * plan.rate;
}

Spectra BandMasks::spectra_of(const Tensor& sound) const {
  const auto& options = network_->plan().transform;
  const std::int64_t size = options.size_frames, hop = options.hop_frames, length = sound.size(1);
  const auto count = (length + size - hop + hop - 1) / hop;
  const auto padded = torch::constant_pad_nd(sound * trained_level, {size - hop, count * hop - length}).contiguous();
  Spectra spectra{std::vector<MidSide>(static_cast<std::size_t>(count)),
                  torch::empty({1, count, options.bands, BandTransform::features})};
  const auto* left = padded[0].data_ptr<float>();
  const auto* right = padded[1].data_ptr<float>();
  auto* features = spectra.features.data_ptr<float>();
  const auto row = static_cast<std::size_t>(options.bands) * BandTransform::features;
  in_blocks(count, 16, [&](std::int64_t begin, std::int64_t number) {
    BandTransform transform(options);
    BandSums sums;
    const auto samples = static_cast<std::size_t>(size);
    for (auto i = begin; i < begin + number; ++i) {
      auto& frame = spectra.frames[static_cast<std::size_t>(i)];
      transform.analyze({left + i * hop, samples}, {right + i * hop, samples}, frame);
      transform.sum_bands(frame, sums);
      transform.describe(sums, {features + static_cast<std::size_t>(i) * row, row});
    }
  });
  return spectra;
}

Tensor BandMasks::stem_of(const Spectra& spectra, const Tensor& masks, std::int64_t source, std::int64_t length) const {
  const auto& options = network_->plan().transform;
  const std::int64_t size = options.size_frames, hop = options.hop_frames, bands = options.bands;
  const auto count = static_cast<std::int64_t>(spectra.frames.size());
  auto sound = torch::zeros({2, size + (count - 1) * hop});
  auto* left = sound[0].data_ptr<float>();
  auto* right = sound[1].data_ptr<float>();
  const auto own = masks.select(2, source).contiguous();  // (frames, bands, mid and side[, re and im])
  const auto* values = own.data_ptr<float>();
  const bool complex = own.dim() == 4;
  BandTransform transform(options);
  MidSide masked;
  Bins weights(static_cast<std::size_t>(2 * bands));
  for (std::int64_t i = 0; i < count; ++i) {
    for (auto& weight : weights) {
      weight = {values[0], complex ? values[1] : 0.0F};
      values += complex ? 2 : 1;
    }
    transform.mask(spectra.frames[static_cast<std::size_t>(i)], weights, masked);
    const auto samples = static_cast<std::size_t>(size);
    transform.synthesize(masked, {left + i * hop, samples}, {right + i * hop, samples});
  }
  return sound.narrow(1, size - hop, length) / trained_level;
}

Tensor BandMasks::forward(const Tensor& mix, const std::function<void()>& between) const {
  const auto sources = static_cast<std::int64_t>(info_.sources.size());
  auto stems = torch::empty({mix.size(0), sources, 2, mix.size(2)});
  for (std::int64_t item = 0; item < mix.size(0); ++item) {
    const auto spectra = spectra_of(mix[item].to(torch::kCPU));
    between();
    const auto input = spectra.features.to(device_, type_).permute({0, 3, 1, 2});
    const auto masks = network_->forward(input)[0].to(torch::kCPU).contiguous();
    between();
    in_blocks(sources, 1, [&](std::int64_t s, std::int64_t) { stems[item][s].copy_(stem_of(spectra, masks, s, mix.size(2))); });
    for (std::int64_t s = 0; s < sources; ++s) between();
  }
  return stems;
}

}  // namespace

std::unique_ptr<Model> make_band_masks(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type) {
  return std::make_unique<BandMasks>(checkpoint, weights, type);
}

}  // namespace sfa::separation::networks
