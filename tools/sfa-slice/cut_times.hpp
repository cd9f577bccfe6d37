// The times to cut at that come from elsewhere than the sound's own onsets.
#pragma once
#include <vector>

#include "options.hpp"
#include "sfa/slicing/survey.hpp"

namespace sfa::tool {

/// What another document knows of the sound.
struct Known {
  slicing::Grid grid;             // empty where nothing is known
  std::vector<double> sections;   // where they begin, seconds
};

/// Of the analysis document that the options name, or of their tempo, up to `end` seconds.
[[nodiscard]] Known known(Command& command, const Options& options, double end);

/// Seconds, ascending: of the options' list, file or other sound, of sections, or of `grid` as it is divided.
/// Throws Error::invalid_data where there is nothing to cut at.
[[nodiscard]] std::vector<double> cut_times(Command& command, const Options& options, const Known& known,
                                            const slicing::Grid& grid);

}  // namespace sfa::tool
