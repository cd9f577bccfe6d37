#include "sfa/io/content_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <vector>

#include "scratch.hpp"
#include "sfa/io/sound_file.hpp"

using scratch::Folder;
using sfa::io::audio_sha256;
using sfa::io::ContentCache;

namespace {

/// 4000 frames of mono float: 16 kB and a header.
sfa::AudioBuffer piece(int number) { return scratch::sine(100.0 + number, 4000); }

void set_age(const std::string& path, int seconds) {
  const timespec when{1000000000 - seconds, 0};
  const timespec times[2] = {when, when};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

std::size_t entries(const ContentCache& cache) {
  return static_cast<std::size_t>(std::distance(scratch::fs::directory_iterator(cache.directory() + "/audio"),
                                                scratch::fs::directory_iterator()));
}

}  // namespace

TEST_CASE("audio is kept under its hash and found again, the same to the bit") {
  const Folder folder;
  ContentCache cache(folder / "cache");
  const auto audio = scratch::noise(2, 5000, 48000);
  CHECK_FALSE(cache.find(audio_sha256(audio)));
  const auto path = cache.keep(audio);
  CHECK(path == folder / ("cache/audio/" + audio_sha256(audio) + ".wav"));
  CHECK(cache.find(audio_sha256(audio)) == path);
  CHECK(audio_sha256(sfa::io::read_sound(path)) == audio_sha256(audio));
  CHECK(cache.keep(audio) == path);
  CHECK(entries(cache) == 1);
}

TEST_CASE("the least recently used entries go first, the newest never") {
  const Folder folder;
  ContentCache cache(folder / "cache", 3 * 16500);
  std::vector<std::string> paths;
  for (int i = 0; i < 3; ++i) {
    paths.push_back(cache.keep(piece(i)));
    set_age(paths.back(), 100 - i);
  }
  CHECK(cache.find(audio_sha256(piece(0))));  // used: now the youngest
  paths.push_back(cache.keep(piece(3)));
  CHECK(scratch::fs::exists(paths[0]));
  CHECK_FALSE(scratch::fs::exists(paths[1]));
  CHECK(scratch::fs::exists(paths[2]));
  CHECK(scratch::fs::exists(paths[3]));

  ContentCache tiny(folder / "cache", 1);
  const auto newest = tiny.keep(piece(4));
  CHECK(scratch::fs::exists(newest));
  CHECK(entries(tiny) == 1);
}

TEST_CASE("what is no entry is not found and not removed") {
  const Folder folder;
  ContentCache cache(folder / "cache", 1);
  const auto path = cache.keep(piece(0));
  const auto sha256 = audio_sha256(piece(0));
  CHECK_FALSE(cache.find("../../etc/passwd"));
  CHECK_FALSE(cache.find(""));
  CHECK_FALSE(cache.find(std::string(64, 'G')));
  scratch::put(cache.directory() + "/audio/mine.txt", "a file of the user's");
  scratch::fs::resize_file(path, 1000);
  CHECK_FALSE(cache.find(sha256));
  CHECK(cache.keep(piece(0)) == path);  // mended
  CHECK(cache.find(sha256));
  cache.keep(piece(1));
  CHECK(scratch::fs::exists(cache.directory() + "/audio/mine.txt"));
}

TEST_CASE("the place is XDG_CACHE_HOME's, or HOME's, or the caller's") {
  const auto directory = [](const char* cache, const char* home) {
    const int code = scratch::in_child([&] {
      cache ? ::setenv("XDG_CACHE_HOME", cache, 1) : ::unsetenv("XDG_CACHE_HOME");
      home ? ::setenv("HOME", home, 1) : ::unsetenv("HOME");
      const auto place = scratch::error_of([] { ContentCache(); });
      if (!place.empty()) return 1;
      const auto found = ContentCache().directory();
      return found == "/x/sfa" ? 2 : found == "/h/.cache/sfa" ? 3 : 4;
    });
    return code;
  };
  CHECK(directory("/x", "/h") == 2);
  CHECK(directory("", "/h") == 3);
  CHECK(directory("relative", "/h") == 3);
  CHECK(directory(nullptr, "/h") == 3);
  CHECK(directory(nullptr, nullptr) == 1);
  CHECK(scratch::kind_of([] { ContentCache("/proc/none").keep(piece(0)); }) != sfa::Error::Kind::invalid_data);
}

TEST_CASE("many processes keep and prune one cache at once") {
  const Folder folder;
  std::vector<pid_t> children;
  for (int p = 0; p < 6; ++p) {
    const auto pid = ::fork();
    if (pid == 0) {
      int bad = 0;
      try {
        ContentCache cache(folder / "cache", 4 * 16500);
        for (int i = 0; i < 40; ++i) {
          const auto audio = piece((i * (p + 1)) % 12);
          cache.keep(audio);
          if (const auto path = cache.find(audio_sha256(audio)))
            if (sfa::io::SoundReader reader(*path); audio_sha256(reader.read(100000)) != audio_sha256(audio)) ++bad;
        }
      } catch (const std::exception& error) {
        // Another may remove an entry between its finding and its opening; nothing else may happen.
        if (std::string(error.what()).find("No such file") == std::string::npos) ++bad;
      }
      ::_exit(bad);
    }
    children.push_back(pid);
  }
  for (const auto pid : children) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    CHECK(status == 0);
  }
  const ContentCache cache(folder / "cache");
  for (const auto& entry : scratch::fs::directory_iterator(cache.directory() + "/audio")) {
    const auto name = entry.path().stem().string();
    CHECK(name == audio_sha256(sfa::io::read_sound(entry.path().string())));
  }
  CHECK(entries(cache) <= 10);  // the limit's 4, and at worst one more for each that pruned last
}

TEST_CASE("documents are kept by what they were made of, and pruned like the rest") {
  const Folder folder;
  ContentCache cache(folder / "cache", 16000);  // less than the piece below
  const std::string recipe = "sfa-analyze 0.1.0 " + std::string(31, '0') + "1";
  CHECK_FALSE(cache.find_document(recipe));
  cache.keep_document(recipe, "{}");
  CHECK(cache.find_document(recipe) == "{}");
  CHECK_FALSE(cache.find_document("sfa-analyze 0.1.0 " + std::string(31, '0') + "2"));
  const std::string unknown = "sfa-analyze 0.1.0 " + std::string(32, '0');  // of what came down a pipe
  cache.keep_document(unknown, "{}");
  CHECK_FALSE(cache.find_document(unknown));
  set_age(cache.directory() + "/documents/" + std::string(31, '0') + "1.json", 100);
  cache.keep(piece(0));
  CHECK_FALSE(cache.find_document(recipe));
}
