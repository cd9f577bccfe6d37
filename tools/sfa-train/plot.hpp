// sfa-train --plot: a run's log as a picture.
#pragma once
#include <string>

#include "sfa/tool/command.hpp"

namespace sfa::tool {

/// `run` is a run's folder or a log. Writes an SVG to -o's file or to standard output.
void plot(Command& command, const std::string& run);

}  // namespace sfa::tool
