// Onset strength by spectral flux after a maximum filter along frequency, which keeps vibrato from
// looking like onsets.
// Böck and Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013, equations 3 to 5.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/band_spectrogram.hpp"

namespace sfa::analysis {

struct SuperFlux {
  int lag_frames = 2;       // compare with the spectrum this long ago, >= 1
  int max_filter_bins = 3;  // odd, >= 1
};

/// One value for each frame of `bands`, >= 0: by how much the bands rose, summed over them. The first
/// `lag_frames` compare with silence. Throws Error::invalid_argument outside the ranges above.
[[nodiscard]] std::vector<float> onset_strength(const BandSpectrogram& bands, SuperFlux options = {});

/// Sets the last `frames` frames of a whole signal's strength to 0 (if it has more): windows that reach far
/// beyond the end make a sound that is cut off there look like an onset.
void forget_end(std::span<float> strength, std::size_t frames = 2);

/// Onset strength frame by frame, and for each band by itself.
class BandFlux {
 public:
  /// `bands` >= 1. Throws Error::invalid_argument.
  explicit BandFlux(int bands, SuperFlux options = {});
  /// The rise of each band since `lag_frames` frames ago, >= 0. Valid until the next call.
  [[nodiscard]] std::span<const float> next(std::span<const float> frame);

 private:
  int bands_, reach_;
  std::vector<std::vector<float>> past_;  // ring of frames after the maximum filter
  std::vector<float> rise_;
  std::size_t position_ = 0;
};

}  // namespace sfa::analysis
