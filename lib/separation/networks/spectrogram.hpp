// The short-time spectra of the hybrid networks (demucs/hdemucs.py: _spec, _ispec): Hann window, a
// hop of a quarter, padded so that there are exactly length / hop frames, the top bin left out.
#pragma once
#include <torch/types.h>

namespace sfa::separation::networks {

struct Spectrogram {
  std::int64_t size = 4096;
  bool old_padding = false;  // hybrid_old: zeros for reflection, and the inverse off by the padding

  /// (batch, channels, frames) -> complex (batch, channels, size / 2, ceil(frames / hop)).
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& x) const;
  /// (..., size / 2, frames) -> (..., length).
  [[nodiscard]] torch::Tensor inverse(const torch::Tensor& z, std::int64_t length) const;

 private:
  [[nodiscard]] std::int64_t hop() const { return size / 4; }
  [[nodiscard]] std::int64_t padding() const { return hop() / 2 * 3; }
};

}  // namespace sfa::separation::networks
