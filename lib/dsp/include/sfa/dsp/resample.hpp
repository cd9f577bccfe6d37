// Sample-rate conversion by libsoxr.
#pragma once
#include "sfa/audio/buffer.hpp"

namespace sfa::dsp {

/// `audio` at `rate`: round(frames * rate / audio.rate()) frames, without delay; the same
/// samples where the rates are equal. Very high quality (SOXR_VHQ: pass band to 0.95 of the lower
/// Nyquist frequency, more than 140 dB down beyond it).
[[nodiscard]] AudioBuffer resample(const AudioView& audio, SampleRate rate);

}  // namespace sfa::dsp
