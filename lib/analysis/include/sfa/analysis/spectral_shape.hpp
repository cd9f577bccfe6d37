// The shape of one magnitude spectrum in single numbers. `magnitudes` are |X[k]|, k = 0 .. size / 2, `bin_hz` is
// the distance between bins. Definitions as in Klapuri and Davy (eds.), "Signal processing methods for music
// transcription", Springer 2007, chapter 5; constants are librosa 0.11's. Silence gives 0 but where said.
#pragma once
#include <span>

namespace sfa::analysis {

/// Hz: the mean frequency, weighed by magnitude.
[[nodiscard]] double spectral_centroid(std::span<const float> magnitudes, double bin_hz);

/// Hz: the standard deviation of frequency around the centroid, weighed by magnitude.
[[nodiscard]] double spectral_bandwidth(std::span<const float> magnitudes, double bin_hz, double centroid_hz);

/// Hz: the lowest bin that has 85 % of the magnitudes in it and below it.
[[nodiscard]] double spectral_rolloff(std::span<const float> magnitudes, double bin_hz);

/// 0 to 1: the geometric over the arithmetic mean of the power, of which none counts less than 1e-10;
/// 1 for white noise and for silence. Dubnov, IEEE Signal Processing Letters 11(8), 2004.
[[nodiscard]] double spectral_flatness(std::span<const float> magnitudes);

/// The sum of what rose since the spectrum `before`, of the same size.
/// Dixon, "Onset detection revisited", DAFx 2006, equation 2.
[[nodiscard]] double spectral_flux(std::span<const float> magnitudes, std::span<const float> before);

}  // namespace sfa::analysis
