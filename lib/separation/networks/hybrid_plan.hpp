// What the layers of a hybrid network are, level by level, by its arguments alone (the constructors
// in demucs/hdemucs.py and demucs/htdemucs.py).
#pragma once
#include <optional>
#include <vector>

#include "arguments.hpp"
#include "hybrid_layers.hpp"

namespace sfa::separation::networks {

struct HybridLevel {
  LayerOptions encoder, decoder;
  std::optional<LayerOptions> time_encoder, time_decoder;  // until the sides have merged
  std::vector<double> ratios;                              // of the bands, empty for one band
};

struct HybridPlan {
  std::vector<HybridLevel> levels;       // shallow first
  std::int64_t embedded_bins = 0;        // behind the first level, where frequencies are told; 0: they are not
  double embedding_scale = 0.0;
  std::int64_t bottom_channels = 0;      // what comes out of the deepest encoder
};

/// `channels` of sound, `sources` to make, `bins` of the spectrum; two numbers for each bin if `complex`.
[[nodiscard]] HybridPlan plan_hybrid(const Arguments& arguments, bool transformer_class, std::int64_t channels,
                                     std::int64_t sources, std::int64_t bins, bool complex);

}  // namespace sfa::separation::networks
