// The layers of the hybrid networks' encoders and decoders (demucs/hdemucs.py: HEncLayer, HDecLayer,
// MultiWrap). On the frequency side they slide along bins, (batch, channels, bins, frames), until one
// bin is left; from there, and on the time side, along frames, (batch, channels, frames).
#pragma once
#include <optional>
#include <utility>
#include <vector>

#include "layers.hpp"
#include "residual_branch.hpp"

namespace sfa::separation::networks {

struct EncoderLayer {
  bool on_bins = false;
  bool first_only = false;  // just the convolution: its result joins the frequency side
  std::int64_t kernel = 0, stride = 0;
  Convolution convolution;
  GroupNorm norm, rewrite_norm;
  std::optional<ResidualBranch> branch;
  std::optional<Convolution> rewrite;

  /// `injected` is what the time side adds behind the convolution, or undefined.
  [[nodiscard]] torch::Tensor operator()(torch::Tensor x, torch::Tensor injected = {}) const;
};

struct DecoderLayer {
  bool on_bins = false;
  bool first_only = false;
  bool last = false;  // no GELU behind it
  std::int64_t in = 0, padding = 0;
  TransposedConvolution convolution;
  GroupNorm norm, rewrite_norm;
  std::optional<ResidualBranch> branch;
  std::optional<Convolution> rewrite;

  struct Result {
    torch::Tensor out;
    torch::Tensor before;  // what went into the transposed convolution
  };
  /// `frames` is the length to come out on the time side; `skip` may be undefined.
  [[nodiscard]] Result operator()(torch::Tensor x, const torch::Tensor& skip, std::int64_t frames) const;
};

/// The same layer for several bands of frequencies, each with weights of its own. `ratios` are where
/// bands end, as parts of all bins; the last ends at 1. One band: the layer itself.
struct BandEncoder {
  std::vector<double> ratios;
  std::vector<EncoderLayer> layers;
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x, const torch::Tensor& injected = {}) const;
};

struct BandDecoder {
  std::vector<double> ratios;
  std::vector<DecoderLayer> layers;
  bool last = false;  // no GELU behind the joined bands
  [[nodiscard]] DecoderLayer::Result operator()(const torch::Tensor& x, const torch::Tensor& skip, std::int64_t frames) const;
};

/// What a layer is made of.
struct LayerOptions {
  std::int64_t in = 0, out = 0, kernel = 8, stride = 4;
  bool on_bins = true, padded = true, first_only = false, last = false, rewrite = true;
  std::int64_t context = 0;     // of the rewrite: 1 + 2 * context taps
  bool context_on_bins = true;  // along bins, too
  std::int64_t norm_groups = 0; // 0: none
  std::optional<ResidualOptions> branch;
};

[[nodiscard]] EncoderLayer take_encoder(const Scope& scope, const LayerOptions& options, torch::ScalarType type);
/// `options.in` and `out` are the decoder's own: from deep to shallow.
[[nodiscard]] DecoderLayer take_decoder(const Scope& scope, const LayerOptions& options, torch::ScalarType type);
[[nodiscard]] BandEncoder take_band_encoder(const Scope& scope, const LayerOptions& options,
                                            const std::vector<double>& ratios, torch::ScalarType type);
[[nodiscard]] BandDecoder take_band_decoder(const Scope& scope, const LayerOptions& options,
                                            const std::vector<double>& ratios, torch::ScalarType type);

}  // namespace sfa::separation::networks
