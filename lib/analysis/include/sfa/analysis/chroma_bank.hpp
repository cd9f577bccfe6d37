// Pitch classes straight from the bins of a short spectrum, and the tonal space over them: what librosa calls
// chroma_stft and tonnetz. For the key and chords of music chroma.hpp does better.
// Ellis, "Chroma feature analysis and synthesis", Columbia 2007; Harte, Sandler and Gasser, "Detecting harmonic
// change in musical audio", AMCMM 2006. Constants are librosa 0.11's.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

class ChromaBank {
 public:
  /// For spectra of `size_frames` samples. Each bin counts for the pitch classes around its frequency (a Gaussian
  /// as wide as a semitone, or the bin where that is wider), most around the fifth octave over 27.5 Hz.
  /// `tuning_semitones` of A4 against 440 Hz.
  ChromaBank(SampleRate rate, int size_frames, double tuning_semitones);

  /// From the power |X|^2 of each bin to pitch classes, C first, of which the largest is 1; silence is all 0.
  void apply(std::span<const float> power, std::span<float> chroma) const;

 private:
  std::vector<std::array<float, 12>> weights_;  // of each bin
};

/// Divides by the largest value, if there is any above 0.
void divide_by_largest(std::span<float> values);

/// The six coordinates of a chroma in Harte's space: sine and cosine on the circles of fifths, of minor thirds
/// and, half as wide, of major thirds; -1 to 1. All 0 for a chroma of zeros.
[[nodiscard]] std::array<float, 6> tonnetz(std::span<const float> chroma);

}  // namespace sfa::analysis
