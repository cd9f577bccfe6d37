// The level that a network is given a sound at: as the mean of its channels has mean 0 and deviation 1 over the
// whole sound, and the network's output is taken back again (demucs/separate.py, demucs/api.py: separate_tensor).
#pragma once
#include <span>

#include "sfa/audio/buffer.hpp"

namespace sfa::separation {

struct LevelNorm {
  double mean = 0.0;
  double deviation = 1.0;  // > 0

  void apply(std::span<float> samples) const;  // (x - mean) / deviation
  void undo(std::span<float> samples) const;  // x * deviation + mean
};

/// Measures block by block.
class LevelNormMeter {
 public:
  void add(const AudioView& audio);
  /// The deviation is that of a sample (n - 1), and 1e-8 more, as the reference has it.
  [[nodiscard]] LevelNorm norm() const;

 private:
  double sum_ = 0.0, squares_ = 0.0;
  Frames frames_ = 0;
};

}  // namespace sfa::separation
