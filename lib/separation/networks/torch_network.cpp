// sfa::separation::Network on libtorch: what libsfa-torch.so offers to network.cpp.
#include <torch/torch.h>

#include <algorithm>

#include "execution.hpp"
#include "live_band_masks.hpp"
#include "model.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/separation/network.hpp"

namespace sfa::separation {
namespace {

using networks::Model;

std::unique_ptr<Model> build(const Checkpoint& checkpoint, networks::Weights& weights, torch::ScalarType type) {
  if (checkpoint.architecture == "HTDemucs" || checkpoint.architecture == "HDemucs")
    return networks::make_hybrid(checkpoint, weights, type);
  if (checkpoint.architecture == "BandUNet") return networks::make_band_masks(checkpoint, weights, type);
  if (checkpoint.architecture == "Demucs") return networks::make_waveform(checkpoint, weights, type);
  throw Error(Error::Kind::unsupported, checkpoint.architecture + ": no network of this name is known");
}

class TorchNetwork final : public Network {
 public:
  TorchNetwork(const Checkpoint& checkpoint, const NetworkSettings& settings)
      : device_(networks::chosen_device(settings.device)) {
    networks::keep_heap();
    networks::use_threads(settings.threads);
    info_.precision = networks::chosen_precision(settings.precision, device_);
    const c10::InferenceMode inference;
    networks::Weights weights(checkpoint, device_);
    model_ = build(checkpoint, weights, info_.precision == Precision::bfloat16 ? torch::kBFloat16 : torch::kFloat32);
    weights.check_all_taken();
    const auto& model = model_->info();
    info_.architecture = checkpoint.architecture;
    info_.sources = model.sources;
    if (info_.sources.empty()) throw Error(Error::Kind::invalid_data, checkpoint.architecture + ": has no sources");
    info_.rate = {static_cast<decltype(info_.rate.hz)>(model.rate)};
    info_.channels = static_cast<int>(model.channels);
    info_.segment_frames = model.segment_frames;
    info_.fixed_segment = model.fixed_segment;
    info_.parameters = weights.parameters();
    info_.device = device_.is_cuda() ? Device::cuda : Device::cpu;
  }

  [[nodiscard]] const NetworkInfo& info() const override { return info_; }
  [[nodiscard]] Frames valid_length(Frames frames) const override { return model_->valid_length(frames); }

  [[nodiscard]] std::vector<AudioBuffer> run(const AudioView& mix, const Progress& progress) override {
    const c10::InferenceMode inference;
    auto input = torch::empty({1, mix.channels(), mix.frames()});
    for (int c = 0; c < mix.channels(); ++c)
      std::ranges::copy(mix.channel(c), input[0][c].data_ptr<float>());
    int step = 0;
    const auto between = [&] { report(progress, static_cast<double>(++step) / model_->steps()); };
    const auto output = model_->forward(input.to(device_), between).to(torch::kCPU).contiguous();
    std::vector<AudioBuffer> stems;
    for (std::int64_t s = 0; s < output.size(1); ++s) {
      stems.emplace_back(mix.channels(), mix.frames(), mix.rate());
      for (int c = 0; c < mix.channels(); ++c)
        std::copy_n(output[0][s][c].data_ptr<float>(), mix.frames(), stems.back().channel(c).begin());
    }
    return stems;
  }

 private:
  torch::Device device_;
  NetworkInfo info_;
  std::unique_ptr<Model> model_;
};

}  // namespace
}  // namespace sfa::separation

// The module's C++ exceptions and types pass the border: both sides are one build's.

namespace networks = sfa::separation::networks;

extern "C" sfa::separation::Network* sfa_make_network(const sfa::separation::Checkpoint& checkpoint,
                                                      const sfa::separation::NetworkSettings& settings) {
  return networks::told_apart([&] { return std::make_unique<sfa::separation::TorchNetwork>(checkpoint, settings).release(); });
}

extern "C" sfa::separation::LiveSeparator* sfa_make_live_separator(const sfa::separation::Checkpoint& checkpoint,
                                                                   const sfa::separation::LiveSettings& settings) {
  return networks::told_apart([&] { return networks::make_live_band_masks(checkpoint, settings).release(); });
}

extern "C" void sfa_make_up_weights(sfa::separation::Checkpoint& checkpoint, std::uint64_t seed) {
  networks::told_apart([&] {
    const c10::InferenceMode inference;
    networks::Weights weights(checkpoint, seed);
    (void)sfa::separation::build(checkpoint, weights, torch::kFloat32);
    return 0;
  });
}
