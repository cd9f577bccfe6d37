// What was said on the command line, besides the shared options.
#pragma once
#include <string>
#include <vector>

namespace sfa::play {

struct Options {
  std::vector<std::string> mute, solo;   // names or numbers of tracks
  double gain_db = 0.0;
  int passes = 1;
  int bit_depth = 0;                     // 0: float
  int buffer_frames = 512;
  std::string api = "auto", device;
  bool list_devices = false;
};

}  // namespace sfa::play
