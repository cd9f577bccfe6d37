// Folders of multitracks: FOLDER/song/{drums,bass,other,vocals}.* in any format and rate.
#pragma once
#include <string>
#include <vector>

#include "sfa/training/multitrack.hpp"

namespace sfa::tool {

/// All songs in `folder` that have at least one of `stems`, by name, to be read at `rate`. Throws what finding them
/// (sfa/io/song_folders.hpp) and reading their heads throws.
[[nodiscard]] std::vector<training::Multitrack> songs_in(const std::string& folder, const std::vector<std::string>& stems,
                                                         SampleRate rate);

}  // namespace sfa::tool
