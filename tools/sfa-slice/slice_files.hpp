// The WAV file of each slice of a bank: DIR/000-kick.wav, numbered by the slice's id.
#pragma once
#include <string>

#include "sfa/audio/buffer.hpp"
#include "sfa/slicing/bank.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

/// Writes the slices of `audio` into `folder`, which is made if it is missing, and the files' paths into
/// the bank, as `bank_path` calls them. Files that `recipe` made are left as they are; nothing is
/// written if one of them is somebody else's.
void write_slices(Command& command, const AudioView& audio, slicing::Bank& bank, const std::string& folder,
                  const std::string& bank_path, const std::string& recipe);

/// Whether the bank at `path` and all slices that it names were made by `recipe`.
[[nodiscard]] bool is_complete(Command& command, const std::string& path, const std::string& recipe);

}  // namespace sfa::tool
