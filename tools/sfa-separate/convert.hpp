// --convert: a checkpoint as .safetensors, with its architecture and arguments.
#pragma once
#include <string>

#include "sfa/tool/command.hpp"

namespace sfa::tool {

/// Does nothing if `to` is that already. Throws as separation::read_checkpoint, and Error::exists if it is
/// anything else and -f is not given.
void convert(Command& command, const std::string& from, const std::string& to);

}  // namespace sfa::tool
