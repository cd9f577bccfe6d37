#include "slice_names.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <map>
#include <optional>

#include "sfa/tool/command.hpp"

namespace sfa::tool {
namespace {

/// The width of "n:03", 1 without one.
std::optional<int> width_of(std::string_view word) {
  const auto colon = word.find(':');
  if (colon == std::string_view::npos) return 1;
  const auto digits = word.substr(colon + 1);
  if (digits.size() != 2 || digits[0] != '0' || digits[1] < '1' || digits[1] > '9') return {};
  return digits[1] - '0';
}

std::string filled_word(std::string_view word, const slicing::Slice& slice, const std::string& track) {
  if (word == "track") return track;
  if (word == "class") return slicing::name(slice.kind);
  if (word == "note") return slice.note >= 0 ? note_name(slice.note) : "none";
  if (word == "ext") return "wav";
  const auto width = width_of(word);
  const auto name = word.substr(0, word.find(':'));
  if (width && name == "n") return fmt::format("{:0{}}", slice.id, *width);
  if (width && name == "group") return slice.group >= 0 ? fmt::format("{:0{}}", slice.group, *width) : "none";
  throw UsageError("--name: {" + std::string(word) + "} is none of {track}, {n}, {class}, {note}, {group} and {ext}");
}

std::string filled_name(const std::string& name, const slicing::Slice& slice, const std::string& track) {
  std::string filled;
  for (std::size_t at = 0; at < name.size();) {
    if (name[at] != '{') {
      filled += name[at++];
      continue;
    }
    const auto end = name.find('}', at);
    if (end == std::string::npos) throw UsageError("--name: " + name.substr(at) + " has no closing brace");
    filled += filled_word(std::string_view(name).substr(at + 1, end - at - 1), slice, track);
    at = end + 1;
  }
  return filled;
}

}  // namespace

std::string note_name(int note) {
  constexpr std::array names{"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};
  return names[static_cast<std::size_t>(note % 12)] + std::to_string(note / 12 - 1);
}

void check_template(const std::string& name) {
  if (name.empty() || name.ends_with('/')) throw UsageError("--name: must end in a file's name");
  (void)filled_name(name, {}, "");
}

std::vector<std::string> slice_paths(const std::string& input, const std::string& folder, const std::string& name,
                                     const std::vector<slicing::Slice>& slices) {
  const std::string track = input == "-" ? "stdin" : std::filesystem::path(input).stem().string();
  std::vector<std::string> paths;
  std::map<std::string, int> owner;
  for (const auto& slice : slices) {
    paths.push_back((std::filesystem::path(folder) / filled_name(name, slice, track)).lexically_normal().string());
    const auto [other, fresh] = owner.emplace(paths.back(), slice.id);
    if (!fresh)
      throw UsageError(fmt::format("--name: slices {} and {} would both be {}; {{n}} tells them apart", other->second,
                                   slice.id, paths.back()));
  }
  return paths;
}

}  // namespace sfa::tool
