#include "sfa/io/recipe.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "descriptor.hpp"
#include "seal.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sha256.hpp"

namespace sfa::io {
namespace {

constexpr std::size_t digits = 32;
constexpr std::size_t searched_bytes = 1 << 16;  // at either end of a file
constexpr std::string_view of_unknown_input = "00000000000000000000000000000000";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

/// The recipe that `text` begins with: "sfa-NAME VERSION HEX"; empty if there is none.
std::string_view recipe_at(std::string_view text) {
  std::size_t at = 4;
  const auto pass = [&](std::size_t most, auto belongs) {
    const auto begin = at;
    while (at < text.size() && at - begin < most && belongs(text[at])) ++at;
    return at > begin;
  };
  const auto space = [&] { return at < text.size() && text[at++] == ' '; };
  if (!text.starts_with("sfa-") || !pass(32, is_lower) || !space()) return {};
  if (!pass(32, [](char c) { return is_digit(c) || is_lower(c) || c == '.' || c == '-' || c == '+'; }) || !space())
    return {};
  const auto begin = at;
  if (!pass(digits + 1, is_hex) || at - begin != digits) return {};
  return text.substr(0, at);
}

std::optional<std::string> find_recipe(std::string_view bytes) {
  for (auto at = bytes.find("sfa-"); at != std::string_view::npos; at = bytes.find("sfa-", at + 1))
    if (const auto recipe = recipe_at(bytes.substr(at)); !recipe.empty()) return std::string(recipe);
  return {};
}

/// The value of "made_by" in the outermost object, as far as `json` goes.
std::optional<std::string> made_by(std::string_view json) {
  int depth = 0;
  std::string_view before;  // the string that came last, if only ':' came after it
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') {
      const auto begin = ++at;
      while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
      if (at >= json.size()) return {};
      const auto text = json.substr(begin, at - begin);
      if (depth == 1 && before == "made_by") {
        const auto recipe = recipe_at(text);
        const bool whole = recipe.size() + seal_length(json.substr(begin + recipe.size())) == text.size();
        return whole && !recipe.empty() ? std::optional(std::string(recipe)) : std::nullopt;
      }
      before = text;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return {};  // of JSON Lines, the first alone counts
    }
    if (c == ',' || c == '{' || c == '[') before = {};
  }
  return {};
}

/// Files of ours are of these kinds. Any other that holds a recipe, say a script, is not ours.
bool is_known_kind(std::string_view start) {
  constexpr std::array<std::string_view, 17> magics{"RIFF", "RF64", "riff", "FORM", "caff", ".snd", "fLaC", "OggS",
                                                    "ID3", "\xFF\xFB", "\xFF\xFA", "\xFF\xF3", "\xFF\xF2", "MThd",
                                                    "\x89PNG", "<?xml", "PK\3\4"};
  return std::ranges::any_of(magics, [&](auto magic) { return start.starts_with(magic); }) ||
         start.starts_with("<svg");
}

std::string bytes_at(int descriptor, std::uint64_t offset) {
  std::string bytes(searched_bytes, '\0');
  bytes.resize(read_at(descriptor, offset, std::as_writable_bytes(std::span(bytes))));
  return bytes;
}

bool is_edited(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  std::array<std::byte, 1> first{};
  if (!file.is_open() || read_at(file.number(), 0, first) != 1 || first[0] != std::byte{'{'}) return false;
  return !seals_hold(read_file(path));
}

}  // namespace

Recipe::Recipe(std::string tool, std::string version) : tool_(std::move(tool)), version_(std::move(version)) {}

Recipe& Recipe::option(std::string_view name, std::string_view value) {
  // Lengths keep "ab"+"c" apart from "a"+"bc".
  material_ += "option " + std::to_string(name.size()) + " " + std::to_string(value.size()) + " ";
  material_.append(name).append(value);
  return *this;
}

Recipe& Recipe::unknown() {
  unknown_input_ = true;
  return *this;
}

Recipe& Recipe::file(const std::string& path) {
  struct stat status {};
  const bool is_there = (path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status)) == 0;
  // Not even opened: that would wait for a named pipe's next writer, after the one that was read.
  if (is_there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return unknown();
  const auto file = open_input(path);
  Sha256 hash;
  std::vector<std::byte> block(1 << 20);
  for (std::uint64_t at = 0;;) {
    const auto count = read_at(file.number(), at, block);
    hash.update(std::span(block).first(count));
    at += count;
    if (count < block.size()) break;
  }
  material_ += "file " + hash.hex();
  return *this;
}

std::string Recipe::text() const {
  const auto head = tool_ + " " + version_ + " ";
  if (unknown_input_) return head + std::string(of_unknown_input);
  Sha256 hash;
  hash.update(head);
  hash.update(material_);
  return head + hash.hex().substr(0, digits);
}

std::optional<std::string> recipe_of(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.is_open() || !is_regular(file.number())) return {};
  const auto start = bytes_at(file.number(), 0);
  const auto first = start.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && start[first] == '{') return made_by(std::string_view(start).substr(first));
  if (!is_known_kind(start)) return {};
  if (auto recipe = find_recipe(start)) return recipe;
  const auto size = size_of(file.number());
  return size > searched_bytes ? find_recipe(bytes_at(file.number(), size - searched_bytes)) : std::nullopt;
}

Standing standing(const std::string& path, const std::string& recipe) {
  struct stat status {};
  const bool is_there = ::stat(path.c_str(), &status) == 0 || ::lstat(path.c_str(), &status) == 0;
  // What is sent to a device or a pipe takes no file's place.
  const bool keeps_bytes = S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISLNK(status.st_mode);
  if (!is_there || !keeps_bytes || descriptor_named(path)) return Standing::absent;
  const auto found = recipe_of(path);
  const auto tool = [](std::string_view text) { return text.substr(0, text.find(' ')); };
  if (!found || tool(*found) != tool(recipe) || is_edited(path)) return Standing::foreign;
  return *found == recipe && !recipe.ends_with(of_unknown_input) ? Standing::current : Standing::outdated;
}

}  // namespace sfa::io
