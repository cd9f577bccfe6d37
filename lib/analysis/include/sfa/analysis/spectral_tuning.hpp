// How far a sound's tuning is from A4 = 440 Hz, by the peaks of its short spectra: the offset from the nearest
// note that most of the stronger peaks have. librosa 0.11's estimate_tuning; peaks between bins by
// Smith, "Spectral Audio Signal Processing", section "Quadratic interpolation of spectral peaks".
#pragma once
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

struct SpectralTuning {
  int size_frames = 2048;
  int hop_frames = 512;
  int notes_per_octave = 12;
  bool of_power = false;  // peaks of |X|^2 instead of |X|, as librosa's chroma_stft looks for them
};

/// In parts of the distance between notes, -0.5 to 0.49 in steps of 0.01; 0 where there is no peak between
/// 150 and 4000 Hz.
[[nodiscard]] double estimate_tuning(std::span<const float> mono, SampleRate rate, const SpectralTuning& options = {});

}  // namespace sfa::analysis
