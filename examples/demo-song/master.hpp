// Levels and a limiter: from stems as they come to a song and the stems that add up to it.
#pragma once
#include <array>

#include "sfa/audio/buffer.hpp"

namespace demo {

struct Song {
  std::array<sfa::AudioBuffer, 4> stems;  // drums, bass, other, vocals
  sfa::AudioBuffer mix;                   // their sum, exactly
};

/// Sets each stem's level, limits the sum by a gain that all stems share, brings its peak to
/// -1 dBFS, and rounds the stems to 24 bits; so the mix is their sum to the last bit, in floats
/// and in 24-bit integers alike.
[[nodiscard]] Song master(std::array<sfa::AudioBuffer, 4> stems);

}  // namespace demo
