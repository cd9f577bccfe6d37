// What every network here offers to what runs it: shapes in and out, one forward pass.
#pragma once
#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "weights.hpp"

namespace sfa::separation::networks {

struct ModelInfo {
  std::vector<std::string> sources;
  std::int64_t rate = 44100, channels = 2, segment_frames = 0;
  bool fixed_segment = false;
};

class Model {
 public:
  virtual ~Model() = default;
  [[nodiscard]] virtual const ModelInfo& info() const = 0;
  [[nodiscard]] virtual std::int64_t valid_length(std::int64_t frames) const { return frames; }
  /// How many times forward() calls `between`.
  [[nodiscard]] virtual int steps() const = 0;
  /// (batch, channels, frames) -> (batch, sources, channels, frames), float32. `between` is called
  /// between layers and may throw.
  [[nodiscard]] virtual torch::Tensor forward(const torch::Tensor& mix, const std::function<void()>& between) const = 0;
};

/// `type` is what matrix products and convolutions are made in.
[[nodiscard]] std::unique_ptr<Model> make_hybrid(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type);
[[nodiscard]] std::unique_ptr<Model> make_band_masks(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type);
[[nodiscard]] std::unique_ptr<Model> make_waveform(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type);

}  // namespace sfa::separation::networks
