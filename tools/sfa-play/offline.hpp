// Rendering to a file.
#pragma once
#include "material.hpp"
#include "options.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::play {

/// Renders to the command's output.
void render_to_file(tool::Command& command, Material material, const Options& options);

}  // namespace sfa::play
