#include "live_band_masks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "execution.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/separation/channel_groups.hpp"
#include "trained_band_unet.hpp"

namespace sfa::separation::networks {
namespace {

using torch::Tensor;
using Samples = std::vector<float>;

struct Stereo {
  Samples left, right;
  explicit Stereo(std::size_t frames) : left(frames), right(frames) {}

  /// The first `frames` go, silence comes behind the rest.
  void advance(std::size_t frames) {
    for (auto* side : {&left, &right}) {
      const auto rest = std::copy(side->begin() + static_cast<std::ptrdiff_t>(frames), side->end(), side->begin());
      std::fill(rest, side->end(), 0.0F);
    }
  }
};

/// One stereo sound, hop by hop, with its own memory.
class Stream {
 public:
  Stream(std::size_t size, std::size_t sources, torch::ScalarType type) : type_(type), heard_(size), made_(sources, Stereo(size)) {}

  /// The next hop of the sound in; of each stem the hop before it out, in stereo.
  void advance(const AudioView& hop, BandUNet& network, BandTransform& transform, std::span<AudioBuffer> stems);

 private:
  [[nodiscard]] Tensor masks(BandUNet& network, BandTransform& transform);

  torch::ScalarType type_;     // that the network is in
  Stereo heard_;               // the last frame
  std::vector<Stereo> made_;   // of each stem, where that frame lies
  BandUNetState state_;
  MidSide spectrum_, masked_;
  BandSums sums_;
  Bins weights_;
};

/// (sources, bands, mid and side, re and im) of the frame heard last.
Tensor Stream::masks(BandUNet& network, BandTransform& transform) {
  const auto bands = transform.options().bands;
  auto features = torch::empty({1, 1, bands, BandTransform::features});
  transform.sum_bands(spectrum_, sums_);
  transform.describe(sums_, {features.data_ptr<float>(), static_cast<std::size_t>(features.numel())});
  auto masks = network->forward(features.to(type_).permute({0, 3, 1, 2}), &state_)[0][0];  // (bands, sources, 2[, 2])
  if (masks.dim() == 3) masks = torch::stack({masks, torch::zeros_like(masks)}, -1);
  return masks.permute({1, 0, 2, 3}).contiguous();
}

void Stream::advance(const AudioView& hop, BandUNet& network, BandTransform& transform, std::span<AudioBuffer> stems) {
  const auto size = heard_.left.size(), step = static_cast<std::size_t>(hop.frames());
  heard_.advance(step);
  std::ranges::copy(hop.channel(0), heard_.left.end() - hop.frames());
  std::ranges::copy(hop.channel(1), heard_.right.end() - hop.frames());
  transform.analyze(heard_.left, heard_.right, spectrum_);
  const auto masks = this->masks(network, transform);
  const auto* values = masks.data_ptr<float>();
  weights_.resize(static_cast<std::size_t>(2 * transform.options().bands));
  for (std::size_t s = 0; s < made_.size(); ++s) {
    auto& made = made_[s];
    made.advance(step);
    for (auto& weight : weights_) {
      weight = {values[0], values[1]};
      values += 2;
    }
    transform.mask(spectrum_, weights_, masked_);
    transform.synthesize(masked_, made.left, made.right);
    // The hop that no later frame gives anything to.
    const auto done = static_cast<std::ptrdiff_t>(size - 2 * step);
    std::copy_n(made.left.begin() + done, step, stems[s].channel(0).begin());
    std::copy_n(made.right.begin() + done, step, stems[s].channel(1).begin());
  }
}

class LiveBandMasks final : public LiveSeparator {
 public:
  LiveBandMasks(const LiveSettings& settings, Weights& weights, BandUNet network, Precision precision);
  [[nodiscard]] const LiveInfo& info() const override { return info_; }
  [[nodiscard]] std::vector<AudioBuffer> push(const AudioView& block) override;
  [[nodiscard]] std::vector<AudioBuffer> finish() override;

 private:
  [[nodiscard]] std::vector<AudioBuffer> stems_of(Frames frames) const {
    return std::vector<AudioBuffer>(info_.sources.size(), AudioBuffer(info_.channels, frames, info_.rate));
  }
  void separate_hop(std::span<AudioBuffer> stems);

  BandUNet network_;
  BandTransform transform_;
  LiveInfo info_;
  std::vector<ChannelGroup> groups_;
  std::vector<Stream> streams_;             // one for each group
  AudioBuffer hop_;                         // on its way in,
  Frames filled_ = 0;                       // so far
  std::vector<AudioBuffer> stereo_, out_;   // a hop of each stem, as the network makes it and of all channels
  Frames in_ = 0, given_ = 0;
  bool begun_ = false;
};

LiveBandMasks::LiveBandMasks(const LiveSettings& settings, Weights& weights, BandUNet network, Precision precision)
    : network_(std::move(network)),
      transform_(network_->plan().transform, {static_cast<int>(network_->plan().rate)}, settings.rate),
      groups_(channel_groups(settings.channels, 2)) {
  const auto& options = transform_.options();
  info_ = {network_->plan().sources, settings.rate, settings.channels, options.hop_frames, 2 * options.hop_frames,
           weights.parameters(), precision};
  for (std::size_t g = 0; g < groups_.size(); ++g)
    streams_.emplace_back(static_cast<std::size_t>(options.size_frames), info_.sources.size(),
                          precision == Precision::bfloat16 ? torch::kBFloat16 : torch::kFloat32);
  hop_ = AudioBuffer(info_.channels, info_.hop_frames, info_.rate);
  out_ = stems_of(info_.hop_frames);
  stereo_.assign(info_.sources.size(), AudioBuffer(2, info_.hop_frames, info_.rate));
}

/// Into out_.
void LiveBandMasks::separate_hop(std::span<AudioBuffer> stems) {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    streams_[g].advance(for_network(hop_, groups_[g], 2), network_, transform_, stereo_);
    for (std::size_t s = 0; s < stems.size(); ++s) from_network(stereo_[s], groups_[g], stems[s]);
  }
}

std::vector<AudioBuffer> LiveBandMasks::push(const AudioView& block) {
  if (block.channels() != info_.channels) throw Error(Error::Kind::invalid_argument, "a block of other channels than the sound's");
  const c10::InferenceMode inference;
  const Frames hop = info_.hop_frames, hops = (filled_ + block.frames()) / hop;
  auto stems = stems_of(std::max<Frames>(0, hops - (begun_ ? 0 : 1)) * hop);
  for (Frames read = 0, written = 0; read < block.frames();) {
    const auto part = block.slice({read, read + hop - filled_});
    for (int c = 0; c < block.channels(); ++c) std::ranges::copy(part.channel(c), hop_.channel(c).begin() + filled_);
    read += part.frames();
    filled_ += part.frames();
    if (filled_ < hop) break;
    filled_ = 0;
    separate_hop(out_);
    if (std::exchange(begun_, true)) {  // what comes first lies before the sound
      for (std::size_t s = 0; s < stems.size(); ++s)
        for (int c = 0; c < info_.channels; ++c) std::ranges::copy(out_[s].channel(c), stems[s].channel(c).begin() + written);
      written += hop;
    }
  }
  in_ += block.frames();
  given_ += stems.front().frames();
  return stems;
}

std::vector<AudioBuffer> LiveBandMasks::finish() {
  const Frames left = in_ - given_;
  const auto rest = push(AudioBuffer(info_.channels, info_.latency_frames, info_.rate));
  std::vector<AudioBuffer> stems;
  for (const auto& stem : rest) stems.emplace_back(stem.view().slice({0, left}));
  return stems;
}

void check(const Checkpoint& checkpoint, const LiveSettings& settings) {
  if (settings.rate.hz < 1000 || settings.rate.hz > 768000)
    throw Error(Error::Kind::unsupported, "sounds of 1000 to 768000 Hz can be separated live");
  if (checkpoint.architecture != "BandUNet" || !band_unet_plan(checkpoint.arguments).causal)
    throw Error(Error::Kind::unsupported,
                checkpoint.architecture + ": this network looks ahead; only a causal one can separate live");
}

}  // namespace

std::unique_ptr<LiveSeparator> make_live_band_masks(const Checkpoint& checkpoint, const LiveSettings& settings) {
  check(checkpoint, settings);
  keep_heap();
  use_threads(1);
  const c10::InferenceMode inference;
  Weights weights(checkpoint, torch::kCPU);
  const auto precision = settings.precision == Precision::automatic ? Precision::float32 : settings.precision;
  auto network = trained_band_unet(checkpoint, weights, precision == Precision::bfloat16 ? torch::kBFloat16 : torch::kFloat32);
  weights.check_all_taken();
  return std::make_unique<LiveBandMasks>(settings, weights, std::move(network), precision);
}

}  // namespace sfa::separation::networks
