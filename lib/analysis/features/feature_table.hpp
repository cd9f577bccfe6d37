// The features by number: feature_table() is in this order.
#pragma once
#include <cstddef>

namespace sfa::analysis {

enum class FeatureKind : std::size_t {
  rms,
  zero_crossing_rate,
  spectral_centroid,
  spectral_bandwidth,
  spectral_rolloff,
  spectral_flatness,
  spectral_contrast,
  spectral_flux,
  melspectrogram,
  mfcc,
  onset_strength,
  tempogram,
  chroma_stft,
  chroma_cqt,
  tonnetz,
};

inline constexpr std::size_t feature_kinds = static_cast<std::size_t>(FeatureKind::tonnetz) + 1;

}  // namespace sfa::analysis
