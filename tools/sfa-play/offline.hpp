// Rendering to a file.
#pragma once
#include "material.hpp"
#include "options.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::play {

/// The commands that options stand for, to be given to an engine before it begins.
[[nodiscard]] std::vector<engine::Action> first_actions(const Material& material, const Options& options);

/// Renders to the command's output.
void render_to_file(tool::Command& command, Material material, const Options& options);

}  // namespace sfa::play
