// How far peaks stand above valleys in each octave of a spectrum: large for tones, small for noise.
// Jiang, Lu, Zhang, Tao and Cai, "Music type classification by spectral contrast feature", ICME 2002; bands and
// quantile are librosa 0.11's.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

/// Bands: 0 to 200 Hz, then six octaves from there, of which the last takes in all that is above it. At rates
/// below 12.8 kHz there are fewer: as many as begin below half the rate.
class SpectralContrast {
 public:
  /// Of spectra of `size_frames` samples.
  SpectralContrast(SampleRate rate, int size_frames);

  [[nodiscard]] int bands() const { return static_cast<int>(bands_.size()); }

  /// dB (10 log10, at least -100) of the mean of the loudest 2 % of the magnitudes of each band, then the same
  /// of the faintest: 2 x bands() values. The contrast is their difference; librosa limits both to 80 dB
  /// below their maximum over all frames first.
  void peaks_and_valleys(std::span<const float> magnitudes, std::span<float> levels_db);

 private:
  struct Band {
    std::size_t begin, end, quantile;  // bins, and how many of them make a peak
  };
  std::vector<Band> bands_;
  std::vector<float> few_;  // the loudest or faintest of a band
};

}  // namespace sfa::analysis
