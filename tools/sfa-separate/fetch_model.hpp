// --fetch-model: the checkpoints of a released model from the web onto this machine.
#pragma once
#include <string>

#include "sfa/tool/command.hpp"

namespace sfa::tool {

/// Fetches those members of the model `name` that are not there, undamaged, into `model_dir`; if that is
/// empty, those that are in none of the folders that models are looked for in, into
/// $XDG_DATA_HOME/sfa/models. From $SFA_MODEL_URL if that is set. Throws as separation::released_model
/// and io::download.
void fetch_model(Command& command, const std::string& name, const std::string& model_dir);

}  // namespace sfa::tool
