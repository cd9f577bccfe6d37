// What the song is known to contain, for tests that compare: truth.json.
#pragma once
#include <string>

#include "score.hpp"

namespace demo {

/// bpm, key, sections, chords, beats, downbeats, drum hits with their classes, bass, lead and sung notes;
/// times in seconds. `recipe` goes into "made_by".
[[nodiscard]] std::string truth_json(const Score& score, const std::string& recipe);

}  // namespace demo
