#include "sfa/io/song_folders.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "sfa/audio/error.hpp"

namespace sfa::io {
namespace {

namespace fs = std::filesystem;

/// What lies in `folder`, in the order of its bytes.
std::vector<fs::path> entries(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    paths.push_back(entry->path());
  if (error) throw Error(Error::Kind::io, folder + ": " + error.message());
  std::ranges::sort(paths, {}, [](const auto& path) { return path.native(); });
  return paths;
}

bool is_stem(const fs::path& path, const std::string& stem) {
  std::error_code none;
  return path.has_extension() && path.stem() == stem && fs::is_regular_file(path, none);
}

std::string file_of(const std::string& stem, const std::vector<fs::path>& paths) {
  const auto is_it = [&](const auto& path) { return is_stem(path, stem); };
  const auto first = std::ranges::find_if(paths, is_it);
  if (first == paths.end()) return {};
  const auto second = std::find_if(first + 1, paths.end(), is_it);
  if (second != paths.end())
    throw Error(Error::Kind::invalid_data, first->string() + ": there is " + second->filename().string() + ", too");
  return first->string();
}

/// True for a folder that cannot be read, too: song_files() will say so.
bool may_hold_song(const fs::path& folder, const std::vector<std::string>& stems) {
  std::error_code error;
  if (folder.filename().native().starts_with('.') || !fs::is_directory(folder, error)) return false;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (std::ranges::any_of(stems, [&](const auto& stem) { return is_stem(entry->path(), stem); })) return true;
  return static_cast<bool>(error);
}

}  // namespace

std::vector<std::string> song_folders(const std::string& folder, const std::vector<std::string>& stems) {
  std::vector<std::string> songs;
  for (const auto& entry : entries(folder))
    if (may_hold_song(entry, stems)) songs.push_back(entry.string());
  if (songs.empty())
    throw Error(Error::Kind::not_found,
                fmt::format("{}: no song in it: no folder with files {}.*", folder, fmt::join(stems, ".*, ")));
  return songs;
}

SongFiles song_files(const std::string& folder, const std::vector<std::string>& stems) {
  const auto paths = entries(folder);
  SongFiles files;
  for (const auto& stem : stems) files.stems.push_back(file_of(stem, paths));
  files.mixture = file_of("mixture", paths);
  return files;
}

}  // namespace sfa::io
