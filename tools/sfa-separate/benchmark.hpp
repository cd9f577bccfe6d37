// --benchmark: how well songs whose stems are known are separated.
#pragma once
#include "options.hpp"
#include "separator.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

/// Separates each song in the folder `options.benchmark` and writes the scores: as a table to standard output, and as
/// sfa.benchmark to -o's file; for "-" as that alone. Reads such a file anew where it is there and nothing changed.
void benchmark(Command& command, const Options& options, Separator& separator);

}  // namespace sfa::tool
