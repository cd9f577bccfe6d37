// The chunks of a WAV that mark stretches of it. Private to lib/io.
// "cue " and LIST "adtl" (labl, ltxt): IBM and Microsoft, "Multimedia programming interface and data
// specifications 1.0", 1991; "smpl": Microsoft, "New multimedia data types and data techniques 3.0", 1994.
#pragma once
#include <string>
#include <vector>

#include "sfa/io/sound_file.hpp"

namespace sfa::io {

/// A cue point, a label and a region for each mark, and a sampler chunk whose loops they are (played
/// once), for after the samples. Empty without marks. Throws Error::unsupported for frames beyond 2^32 - 1.
[[nodiscard]] std::string mark_chunks(const std::vector<SoundMark>& marks, SampleRate rate);

}  // namespace sfa::io
