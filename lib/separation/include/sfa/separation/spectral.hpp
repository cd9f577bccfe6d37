// The engine "spectral": a sketch of stems without a trained network. Soft masks on one short-time
// spectrum, which add up to 1 in every bin:
//   drums   the percussive part (harmonic_percussive.hpp)
//   bass    the harmonic part below a soft edge at 250 Hz
//   vocals  of the harmonic part above, what does not repeat (repetition.hpp) and, in stereo, stands in
//           the centre: Avendano and Jot, "A frequency-domain approach to multichannel upmix", JAES
//           52(7/8), 2004, equation 5, the real part of their similarity
//   other   the rest: the mix less the three, so that the four add up to it within float rounding
// All channels share the masks. Deterministic and single-threaded.
#pragma once
#include <memory>

#include "sfa/separation/engine.hpp"

namespace sfa::separation {

/// Any sample rate, any number of channels; position counts for two.
[[nodiscard]] std::unique_ptr<Engine> make_spectral_engine();

}  // namespace sfa::separation
