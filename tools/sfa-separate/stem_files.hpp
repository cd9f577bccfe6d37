// A song's stems as files with a manifest, or one of them as a stream.
#pragma once
#include <string>

#include "outputs.hpp"

namespace sfa::tool {

/// Writes the outputs and then their manifest, whose path is returned. Does nothing if all of them are
/// there and made by the same recipe.
std::string separate_into_files(Command& command, const Options& options, const Outputs& outputs, Separator& separator,
                                const std::string& input);

/// Writes the only output as WAV to standard output, while it is being made.
void separate_into_stream(Command& command, const Options& options, const Outputs& outputs, Separator& separator,
                          const std::string& input);

}  // namespace sfa::tool
