// A name for a sound, by rules of thumb over its attack's bands, its decay and its pitch.
#pragma once
#include "sfa/slicing/slice_features.hpp"

namespace sfa::slicing {

/// The first rule that holds, in this order:
///   silence     no sample above -60 dBFS
///   tonal       one steady pitch, nearly periodic
///   noise       a flat spectrum that does not die away
///   kick        most of the attack below 200 Hz, half of it below 112 Hz
///   percussion  a short knock between 1 and 5 kHz: side stick, clap, wood
///   hat, cymbal most of the attack above 1 kHz or much of it above 5 kHz; a cymbal rings on
///   tom         half of the attack below 300 Hz, next to nothing above 5 kHz
///   snare       half of the attack below 1 kHz, and some above 5 kHz
///   percussion  anything else
/// The bounds were set by hand on the drums of four bands and of a General MIDI sound font. Where
/// several drums sound at once, the one that carries the most power names the slice.
[[nodiscard]] SliceClass classify(const SliceSound& sound);

}  // namespace sfa::slicing
