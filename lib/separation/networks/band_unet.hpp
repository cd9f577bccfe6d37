// The small network that comes with sfa: masks for each stem from the bands of a stereo spectrum, by a U-net whose
// levels halve the bands and leave time as it is. The deepest level looks far back and ahead with dilated convolutions
// over time (van den Oord et al., "WaveNet", 2016), and lets all bands speak with all others (after the
// time-distributed fully connected layers of Choi et al., "Investigating U-Nets with various intermediate blocks for
// spectrogram-based singing voice separation", ISMIR 2020).
//
// Everything is a dense convolution over channels that lie together in memory (channels last), which oneDNN multiplies
// several times as fast in bfloat16 as recurrent layers of the same size can be made to run.
//
// The same class is trained (training/trainer.cpp) and run (band_masks.cpp).
#pragma once
#include <torch/torch.h>

#include <string>
#include <vector>

#include "sfa/separation/band_transform.hpp"
#include "sfa/separation/value.hpp"

namespace sfa::separation::networks {

struct BandUNetPlan {
  std::vector<std::string> sources{"drums", "bass", "other", "vocals"};
  std::int64_t rate = 44100;
  BandTransformOptions transform;
  std::vector<std::int64_t> channels{32, 48, 64, 96};  // of each level; bands must halve that often
  std::int64_t blocks = 4;     // over time and neighbouring bands, at the deepest level, dilated by 1, 2, 4, ... 32, 1, ...
  std::int64_t mixes = 2;      // over time and all bands, after as many blocks each
  std::int64_t mix = 192;      // channels that all bands are gathered in
  std::int64_t mix_depth = 4;  // convolutions over time within a mix, dilated by 1, 2, 4, ...
  bool causal = false;                                      // no frame sees a later one
  bool complex_masks = false;
};

/// Throws Error::invalid_data for arguments that make no sense, or more than a sane network has.
[[nodiscard]] BandUNetPlan band_unet_plan(const ValueMap& arguments);
[[nodiscard]] ValueMap arguments_of(const BandUNetPlan& plan);

/// What a causal network remembers of the frames before: of each convolution the inputs that it will need again, as many
/// as it reaches back.
struct BandUNetState {
  struct Past {
    torch::Tensor frames;     // a ring over time; undefined: silence so far
    std::int64_t oldest = 0;  // where in it
  };
  std::vector<Past> past;
};

/// A convolution over (time, band), a norm over the batch and, unless told otherwise, a rectifier.
class ConvolutionImpl : public torch::nn::Module {
 public:
  struct Options {
    std::int64_t in = 0, out = 0, time = 3, bands = 3, dilation = 1, stride = 1;
    bool causal = false, rectify = true;
  };
  explicit ConvolutionImpl(const Options& options);
  torch::Tensor forward(torch::Tensor x, BandUNetState::Past* past = nullptr);
  /// How many earlier frames it looks back to.
  [[nodiscard]] std::int64_t reach() const { return (options_.time - 1) * options_.dilation; }
  void fold_norm();
  torch::nn::Conv2d conv{nullptr};
  torch::nn::BatchNorm2d norm{nullptr};

 private:
  [[nodiscard]] torch::Tensor next_frame(const torch::Tensor& x, BandUNetState::Past& past);
  [[nodiscard]] torch::Tensor next_frames(const torch::Tensor& x, BandUNetState::Past& past);
  Options options_;
  bool folded_ = false;
};
TORCH_MODULE(Convolution);

class BandUNetImpl : public torch::nn::Module {
 public:
  explicit BandUNetImpl(const BandUNetPlan& plan);

  /// (batch, features, frames, bands), channels last -> float32 masks (batch, frames, bands, sources, mid and side), and
  /// with complex masks (..., re and im). Real parts are >= 0; masks add up to 1 over the sources, so that the stems add up to the mix.
  /// With `state`, which only a causal network takes, frames follow those of the call before.
  torch::Tensor forward(const torch::Tensor& features, BandUNetState* state = nullptr);

  /// Makes the norms part of the convolutions, for running only.
  void fold_norms();

  [[nodiscard]] const BandUNetPlan& plan() const { return plan_; }

 private:
  struct Pass;
  Convolution convolution(const std::string& name, ConvolutionImpl::Options options);
  void add_block(std::int64_t index);
  void add_mix(std::int64_t index);
  torch::Tensor mixed(std::size_t index, const torch::Tensor& x, Pass& pass);
  torch::Tensor deepest(torch::Tensor x, Pass& pass);

  BandUNetPlan plan_;
  std::vector<Convolution> all_;
  Convolution input_{nullptr};
  torch::Tensor place_, deep_place_;
  std::vector<Convolution> encoders_, downs_, ups_, decoders_;
  std::vector<std::pair<Convolution, Convolution>> blocks_;
  struct Mix {
    Convolution gather{nullptr};
    std::vector<Convolution> over_time;
    Convolution spread{nullptr};
  };
  std::vector<Mix> mixes_;
  torch::nn::Conv2d output_{nullptr};
};
TORCH_MODULE(BandUNet);

}  // namespace sfa::separation::networks
