// The analysis of one input, made or taken from the cache.
#pragma once
#include <string>
#include <vector>

#include "options.hpp"
#include "sfa/analysis/analysis.hpp"
#include "sfa/io/recipe.hpp"

namespace sfa::tool {

/// What an analysis is made of, wherever it is written, all cues in it. A file that cannot be read is entered as such:
/// whoever analyses it says why.
io::Recipe analysis_recipe(const Command& command, const Options& options, const std::vector<std::string>& inputs);

/// From the cache if it was made before, and if features need no file; else the input is read once, a block at a time.
/// With a recipe for them, features go to a file of their own, too. A cache that fails costs time, no result.
analysis::Analysis known_or_new_analysis(const std::string& input, Command& command, const Options& options,
                                         const std::string& arrays_recipe, const Progress& progress);

}  // namespace sfa::tool
