// Longer or shorter at the same pitch, by the Rubber Band library (its "R3" engine, offline: it sees the whole sound
// first). Takes a few hundredths of a second for a second of sound: nothing for an audio thread.
#pragma once
#include "sfa/audio/buffer.hpp"

namespace sfa::dsp {

/// round(frames * ratio) frames of `audio`; itself where the ratio is 1. The same input gives the same bytes.
/// ratio 1/16 to 16, 1 to 64 channels; Error::invalid_argument outside.
[[nodiscard]] AudioBuffer stretch(const AudioView& audio, double ratio);

}  // namespace sfa::dsp
