// Folders of multitracks: FOLDER/song/{drums,bass,other,vocals}.* in any format and rate.
#pragma once
#include <string>
#include <vector>

#include "sfa/training/multitrack.hpp"

namespace sfa::tool {

/// All songs below `folder` that have at least one of `stems`, by name. Throws Error::not_found where there is none, and
/// what reading a file's head throws.
[[nodiscard]] std::vector<training::Multitrack> songs_in(const std::string& folder, const std::vector<std::string>& stems);

}  // namespace sfa::tool
