// What the files of slices are called: a template such as "{n:03}-{class}.{ext}".
#pragma once
#include <string>
#include <vector>

#include "sfa/slicing/bank.hpp"

namespace sfa::tool {

/// A path for each slice. Words in braces: track (the input's name without folders and ending, "stdin" for
/// "-"), n (the slice's id), class, note ("A4", "none"), group (a number, or "none") and ext ("wav"); a number may
/// have a width, as in {n:03}. Throws UsageError for other words and where two slices would have one name.
[[nodiscard]] std::vector<std::string> slice_paths(const std::string& input, const std::string& folder,
                                                   const std::string& name, const std::vector<slicing::Slice>& slices);

/// Throws UsageError for a template that slice_paths() does not understand.
void check_template(const std::string& name);

/// "C-1" to "G9".
[[nodiscard]] std::string note_name(int note);

}  // namespace sfa::tool
