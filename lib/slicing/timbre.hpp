// How a slice's Timbre is read. Private to slicing.
#pragma once
#include <span>

#include "sfa/slicing/slice_features.hpp"

namespace sfa::slicing {

/// Of a sound from its begin on; 0.64 s of it are heard, and the last 46 ms of what comes `before` it.
[[nodiscard]] Timbre timbre_of(std::span<const float> signal, std::span<const float> before, SampleRate rate);

}  // namespace sfa::slicing
