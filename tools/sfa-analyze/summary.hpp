// An analysis for people to read: a few lines a song.
#pragma once
#include <string>

#include "sfa/analysis/analysis.hpp"

namespace sfa::tool {

/// Lines that end in a newline. `name` is what the song is called.
[[nodiscard]] std::string summary(const analysis::Analysis& analysis, const std::string& name);

}  // namespace sfa::tool
