// Percussion by median filters: a drum is a vertical line in the spectrogram, a tone a horizontal
// one. A median along time keeps the tones, one along frequency keeps the drums, and a soft mask
// weighs the two.
// Fitzgerald, "Harmonic/percussive separation using median filtering", DAFx 2010, equations 3-8;
// the balance between both is the separation factor of Driedger, Müller and Disch, "Extending
// harmonic-percussive separation of audio signals", ISMIR 2014, here in the soft mask.
#pragma once
#include "sfa/separation/magnitudes.hpp"

namespace sfa::separation {

struct HarmonicPercussive {
  int time_frames = 17;       // of the median along time, odd, >= 1
  int frequency_bins = 17;    // of the median along frequency, odd, >= 1
  float power = 2.0F;         // p in P^p / (H^p + P^p); 2 is the Wiener filter
  float separation = 1.0F;    // H is multiplied by it: above 1, less is called percussive
};

/// How much of each value is percussive, 0 to 1; 1/2 where both medians are 0.
/// Throws Error::invalid_argument for even sizes.
[[nodiscard]] Magnitudes percussive_mask(const Magnitudes& mix, const HarmonicPercussive& options = {});

}  // namespace sfa::separation
