#include "stem_names.hpp"

#include <filesystem>
#include <map>

#include "sfa/tool/command.hpp"

namespace sfa::tool {
namespace {

using Words = std::map<std::string, std::string>;

std::string fill(const std::string& name, const Words& words) {
  std::string filled;
  for (std::size_t at = 0; at < name.size();) {
    if (name[at] != '{') {
      filled += name[at++];
      continue;
    }
    const auto end = name.find('}', at);
    const auto word = words.find(name.substr(at + 1, end == std::string::npos ? end : end - at - 1));
    if (end == std::string::npos || word == words.end())
      throw UsageError("--name: " + name.substr(at) + " does not begin with {track}, {stem} or {ext}");
    filled += word->second;
    at = end + 1;
  }
  return filled;
}

std::string track_of(const std::string& input) {
  return input == "-" ? "stdin" : std::filesystem::path(input).stem().string();
}

}  // namespace

StemNames name_stems(const std::string& input, const std::string& folder, const std::string& name,
                     const std::vector<std::string>& stems, const std::string& ending) {
  if (name.find("{stem}") == std::string::npos || name.find("{ext}") == std::string::npos)
    throw UsageError("--name: needs {stem} and {ext}");
  const auto path = [&](const std::string& stem, const std::string& ext) {
    const auto file = fill(name, {{"track", track_of(input)}, {"stem", stem}, {"ext", ext}});
    return (std::filesystem::path(folder) / file).lexically_normal().string();
  };
  StemNames names;
  for (const auto& stem : stems) names.stems.push_back(path(stem, ending));
  names.manifest = path("stems", "json");
  return names;
}

void check_apart(const std::vector<std::string>& inputs, const std::string& folder, const std::string& name) {
  std::map<std::string, std::string> owner;
  for (const auto& input : inputs) {
    const auto [other, fresh] = owner.emplace(name_stems(input, folder, name, {}, "").manifest, input);
    if (!fresh)
      throw UsageError(other->second + " and " + input + " would both be written to " + other->first +
                       ": separate them one at a time, with different -o or --name");
  }
}

}  // namespace sfa::tool
