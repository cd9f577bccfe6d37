// Spectra on the mel scale, and mel-frequency cepstral coefficients.
// Slaney, "Auditory Toolbox", Interval Research 1998-010 (linear to 1 kHz, then logarithmic; triangles of one
// area), or HTK: Young et al., "The HTK Book", equation 5.13. Bands and norms are librosa 0.11's for either.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

enum class MelScale { slaney, htk };

/// Overlapping triangles from 0 Hz to half the sample rate. At high rates the lowest can be so narrow that no bin
/// falls into them: they stay 0.
class MelBank {
 public:
  static constexpr int bands = 128;

  /// For spectra of `size_frames` samples.
  MelBank(SampleRate rate, int size_frames, MelScale scale = MelScale::slaney);

  /// From the power |X|^2 of each bin to the bands'.
  void apply(std::span<const float> power, std::span<float> mel) const;

 private:
  struct Band {
    std::size_t first_bin;
    std::vector<float> weights;
  };
  std::vector<Band> bands_;
};

/// The discrete cosine transform (type II, orthonormal) of a mel spectrum in dB.
class MelCepstrum {
 public:
  /// 1 to MelBank::bands coefficients. Throws Error::invalid_argument.
  explicit MelCepstrum(int coefficients);
  void apply(std::span<const float> mel_db, std::span<float> coefficients) const;

 private:
  std::vector<float> cosines_;  // coefficients x bands
};

}  // namespace sfa::analysis
