// A session into files: measured first if it has a goal, then mixed.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/progress.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/mix/level.hpp"
#include "sfa/mix/session.hpp"
#include "sfa/mix/sounds.hpp"

namespace sfa::tool {

struct Delivery {
  std::string mix;                 // a path, or "-"
  std::vector<std::string> stems;  // one path for each track, empty where none is wanted; or none at all
  io::SoundFormat format;
  bool dither = true;              // where the format is of 16 or 24 bits
  std::uint64_t seed = 0;
  std::optional<FrameRange> range; // of the mix, at its rate
  std::string recipe;
};

/// Where each track's stem goes: FOLDER/TRACK.ending, the same path for no two; empty for a track that is
/// not heard.
[[nodiscard]] std::vector<std::string> stem_paths(const mix::Session& session, const std::string& folder,
                                                  const std::string& ending);

struct Outcome {
  mix::Level before;           // measured only where the session has a goal
  mix::Correction correction;
  Frames clipped = 0;          // samples of the mix beyond full scale, in integer formats
};

/// Mixes `session`. `measuring` and `mixing` report the two passes.
Outcome deliver(const mix::Session& session, mix::Sounds& sounds, const Delivery& delivery, const Progress& measuring,
                const Progress& mixing);

}  // namespace sfa::tool
