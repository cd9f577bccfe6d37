// What sounds from one beat to the next, as a few numbers: what chords, keys, downbeats and structure
// are found in. A song of any length is summed up beat by beat, so its frames need not be kept.
#pragma once
#include <array>

namespace sfa::analysis {

/// Of the time from a beat to the next.
struct BeatFeatures {
  static constexpr int timbre_bands = 20;

  double time = 0.0, duration = 0.0;       // seconds
  std::array<float, 12> chroma{};          // of pitches above about 200 Hz, index 0 is C; sums to 1 or is all 0
  std::array<float, 12> bass_chroma{};     // of pitches below
  std::array<float, timbre_bands> bands{}; // mean log10(1 + magnitude) of bands evenly on the scale of pitch, 27.5 Hz to 17 kHz
  float low_db = -120.0F;                  // mean power below 150 Hz, dBFS
  float power_db = -120.0F;                // mean power, dBFS
  float onsets = 0.0F;                     // mean onset strength
};

}  // namespace sfa::analysis
