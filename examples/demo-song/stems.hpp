// Each stem from the score alone, in stereo, as loud as it comes: master() sets the levels.
#pragma once
#include <cstdint>

#include "score.hpp"
#include "sfa/audio/buffer.hpp"

namespace demo {

[[nodiscard]] sfa::AudioBuffer play_drums(const Score& score, std::uint64_t seed);
[[nodiscard]] sfa::AudioBuffer play_bass(const Score& score);
[[nodiscard]] sfa::AudioBuffer play_other(const Score& score);  // pad, arpeggio and lead
[[nodiscard]] sfa::AudioBuffer play_voice(const Score& score, std::uint64_t seed);

}  // namespace demo
