// Playing on an audio device, steered by keys.
#pragma once
#include "material.hpp"
#include "options.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::play {

/// Plays to the end or until the user quits. Throws Error::not_found without a device and
/// Error::io when the audio server goes away.
void play_live(tool::Command& command, Material material, const Options& options);

}  // namespace sfa::play
