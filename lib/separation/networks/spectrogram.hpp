// The short-time spectra of the hybrid networks (demucs/hdemucs.py: _spec, _ispec): Hann window, a
// hop of a quarter, padded so that there are exactly ceil(length / hop) frames, the top bin left out,
// scaled by 1 / sqrt(size). Real and imaginary parts are planes beside one another.
#pragma once
#include <torch/types.h>

namespace sfa::separation::networks {

struct Spectrogram {
  std::int64_t size = 4096;
  bool old_padding = false;  // hybrid_old: zeros for reflection, and the inverse off by the padding

  /// (batch, channels, length) -> (batch, channels, 2, size / 2, ceil(length / hop)), float32.
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& x) const;
  /// (..., 2, size / 2, frames), float32 or bfloat16 -> (..., length), float32.
  [[nodiscard]] torch::Tensor inverse(const torch::Tensor& planes, std::int64_t length) const;

 private:
  [[nodiscard]] std::int64_t hop() const { return size / 4; }
  [[nodiscard]] std::int64_t padding() const { return hop() / 2 * 3; }
  /// From the beginning of the first frame to the first sample of the inverse.
  [[nodiscard]] std::int64_t lead() const { return old_padding ? 0 : padding(); }
};

}  // namespace sfa::separation::networks
