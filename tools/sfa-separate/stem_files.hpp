// One input through an engine into files, or one stem of it into a stream.
#pragma once
#include <string>
#include <vector>

#include "sfa/separation/engine.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

struct Separation {
  std::string engine = "spectral";
  std::vector<std::string> stems;  // those to write, in the engine's order
  std::string format = "wav";
  int bit_depth = 0;               // 0: float where the format has it
  std::string name = "{track}/{stem}.{ext}";
};

/// Writes the stems and then their manifest, whose path is returned. Does nothing if all of them are
/// there and made by the same recipe.
std::string separate_into_files(Command& command, const Separation& separation, const std::string& input);

/// Writes one stem as WAV to standard output, while it is being made.
void separate_into_stream(Command& command, const Separation& separation, const std::string& input);

}  // namespace sfa::tool
