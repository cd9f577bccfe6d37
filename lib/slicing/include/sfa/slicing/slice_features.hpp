// What a slice sounds like, in numbers.
#pragma once
#include <span>

#include "sfa/audio/buffer.hpp"
#include "sfa/slicing/bank.hpp"
#include "sfa/slicing/pitch.hpp"

namespace sfa::slicing {

/// Shares of the attack's power (the first 60 ms), which sum to 1 unless it is silent.
struct AttackBands {
  double low = 0.0;     // below 200 Hz: the head of a kick drum
  double middle = 0.0;  // 200 Hz to 1 kHz: the heads of toms and snares
  double high = 0.0;    // 1 to 5 kHz: wires, sticks
  double top = 0.0;     // above 5 kHz: metal
};

struct SliceSound {
  SliceFeatures features;  // what documents hold
  AttackBands bands;
  double centre_hz = 0.0;  // below it lies half of the attack's power
  double decay = 0.0;      // seconds from the peak until the level stays 20 dB below it, or to the end
  Pitch pitch;
};

/// `audio` is the slice alone, `mono` the same in one channel (see prominent_channel). Levels are over
/// all channels: the highest sample, and the mean power. The centroid is the mean of frequency weighted
/// by magnitude, the flatness the geometric by the arithmetic mean of power (Peeters, "A large set of
/// audio features for sound description", IRCAM, 2004, sections 6.1.1 and 9.1), both of the mean spectrum
/// of the first second. The attack lasts until the highest sample of `mono` in the first half second.
[[nodiscard]] SliceSound slice_sound(const AudioView& audio, std::span<const float> mono);

}  // namespace sfa::slicing
