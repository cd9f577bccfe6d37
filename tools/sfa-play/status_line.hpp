// The line that a playing sfa-play shows: state, position, volume, and each track with its level.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::play {

struct Status {
  bool paused = false;
  Seconds position, duration;
  bool duration_known = false;
  double gain_db = 0.0;
  bool silenced = false;
  int voices = 0;                  // of a pattern
  float peak = 0.0F;               // of the whole, since the last line
  struct Track {
    std::string name;
    float peak = 0.0F;
    bool mute = false, solo = false;
  };
  std::vector<Track> tracks;
  std::uint64_t underruns = 0;     // of the device
  Seconds lost;                    // silence because the file was read too slowly
};

struct Style {
  bool colour = true;
  bool utf8 = true;
  /// As the environment has it: NO_COLOR, and LC_ALL, LC_CTYPE or LANG.
  [[nodiscard]] static Style from_environment();
};

/// At most `columns` wide. "> 0:07.3 / 3:45.0  -3 dB  [=]  1 drums =  2 bass M"
[[nodiscard]] std::string status_line(const Status& status, const Style& style, int columns);

}  // namespace sfa::play
