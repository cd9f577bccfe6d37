#include "sfa/io/song_folders.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "scratch.hpp"
#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

const std::vector<std::string> stems{"drums", "vocals"};

void touch(const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << "x";
}

std::string complaint(const std::string& folder) {
  try {
    (void)io::song_files(folder, stems);
    (void)io::song_folders(folder, stems);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("songs are the folders with stems, in the order of their names") {
  const scratch::Folder folder;
  const auto path = [&](const std::string& name) { return folder / name; };
  for (const auto* name : {"b/vocals.flac", "a/drums.wav", "a/b/drums.wav", "c/notes.txt", "d/mixture.wav",
                           ".e/drums.wav", "drums.wav", "f/drums", "g/drums.wav/x"})
    touch(path(name));
  CHECK(io::song_folders(path(""), stems) == std::vector<std::string>{path("a"), path("b")});
}

TEST_CASE("a song has the files of its stems, and its mixture where there is one") {
  const scratch::Folder folder;
  for (const auto* name : {"vocals.flac", "mixture.mp3", "drums.wav.asd", "bass.wav"}) touch(folder / name);
  const auto files = io::song_files(folder / "", stems);
  CHECK(files.stems == std::vector<std::string>{"", folder / "vocals.flac"});
  CHECK(files.mixture == folder / "mixture.mp3");
}

TEST_CASE("two files of one stem, no songs and no folder are told") {
  const scratch::Folder folder;
  CHECK(complaint(folder / "none").ends_with("none: No such file or directory"));
  std::filesystem::create_directory(folder / "empty");
  CHECK(complaint(folder / "empty").ends_with("empty: no song in it: no folder with files drums.*, vocals.*"));
  touch(folder / "song/vocals.flac");
  touch(folder / "song/vocals.wav");
  CHECK(complaint(folder / "song").ends_with("song/vocals.flac: there is vocals.wav, too"));
}
