// Folders that outputs go to.
#pragma once
#include <string>

namespace sfa::tool {

/// Makes `folder` and those above it where they are missing; the empty name is the working folder.
/// Throws Error::io.
void make_folder(const std::string& folder);

/// The folder that `path` lies in.
void make_folder_of(const std::string& path);

}  // namespace sfa::tool
