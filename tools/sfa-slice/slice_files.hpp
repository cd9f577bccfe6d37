// The sound file of each slice of a bank, and one with all of them marked.
#pragma once
#include <string>

#include "file_sound.hpp"
#include "sfa/slicing/bank.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

struct SliceFiles {
  std::string folder;                       // of a file for each slice; none where it is empty
  std::string name = "{n:03}-{class}.{ext}";
  std::string cue_wav;                      // the sound with its slices as cue points; none where it is empty
  bool with_fades = false;                  // fade the slices in their files, too
};

/// Writes what `files` says of the slices of `sound` in `range`, and the slices' paths, as `bank_path` calls them,
/// into the bank. Samples are the sound's own, in its bit depth, unless a slice has gain or is faded: then they
/// are float. Folders are made where they are missing. Files that `recipe` made are left as they are; nothing is
/// written if one of them is somebody else's.
void write_files(Command& command, FileSound& sound, FrameRange range, slicing::Bank& bank, const SliceFiles& files,
                 const std::string& bank_path, const std::string& recipe);

/// Whether the bank at `path`, all slices that it names and the marked sound were made by `recipe`.
[[nodiscard]] bool is_complete(Command& command, const std::string& path, const SliceFiles& files, const std::string& recipe);

}  // namespace sfa::tool
