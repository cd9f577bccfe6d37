// Sample-rate conversion by libsoxr.
#pragma once
#include "sfa/audio/buffer.hpp"

namespace sfa::dsp {

/// `audio` at `rate`: round(frames * rate / audio.rate()) frames, without delay; the same
/// samples where the rates are equal. Very high quality (SOXR_VHQ: flat to 0.91 of the lower Nyquist
/// frequency, -3 dB at 0.95, more than 140 dB down beyond it; linear phase). The signal is taken as
/// zero outside itself. Throws Error::invalid_argument for a rate below 1 Hz.
[[nodiscard]] AudioBuffer resample(const AudioView& audio, SampleRate rate);

}  // namespace sfa::dsp
