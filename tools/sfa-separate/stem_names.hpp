// Where the stems of an input go: a folder and a template such as "{track}/{stem}.{ext}".
#pragma once
#include <string>
#include <vector>

namespace sfa::tool {

struct StemNames {
  std::vector<std::string> stems;  // one path for each stem
  std::string manifest;            // the template with "stems" for {stem} and "json" for {ext}
};

/// `track` is the input's name without folders and ending, "stdin" for "-". Throws UsageError for a
/// template without {stem} or {ext}, or with another word in braces.
[[nodiscard]] StemNames name_stems(const std::string& input, const std::string& folder, const std::string& name,
                                   const std::vector<std::string>& stems, const std::string& ending);

/// Throws UsageError if two of `inputs` would be written under the same names.
void check_apart(const std::vector<std::string>& inputs, const std::string& folder, const std::string& name);

}  // namespace sfa::tool
