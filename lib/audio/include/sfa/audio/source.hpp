// Where audio came from, as every document on the pipe says it.
#pragma once
#include <string>

#include "sfa/audio/units.hpp"

namespace sfa {

struct Source {
  std::string path;    // as the user wrote it, or a path into the content cache for audio from a pipe
  std::string sha256;  // of the decoded audio (io::audio_sha256), 64 hex digits; may be empty
  SampleRate sample_rate{};
  int channels = 0;
  Frames frames = 0;
};

}  // namespace sfa
