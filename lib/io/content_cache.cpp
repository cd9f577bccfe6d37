#include "sfa/io/content_cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "descriptor.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/sound_file.hpp"

namespace sfa::io {
namespace {

namespace fs = std::filesystem;

std::string default_directory() {
  // A relative XDG_CACHE_HOME is to be ignored: XDG Base Directory Specification 0.8.
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache == '/') return std::string(cache) + "/sfa";
  if (const char* home = std::getenv("HOME"); home && *home) return std::string(home) + "/.cache/sfa";
  throw Error(Error::Kind::not_found, "no place for the audio cache: neither XDG_CACHE_HOME nor HOME is set");
}

constexpr std::size_t fingerprint_digits = 32;

bool is_hex(const std::string& text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_sha256(const std::string& text) { return is_hex(text, 64); }

/// Where in the cache the document of that recipe lies; empty if the recipe does not know all its material.
std::string document_path(const std::string& directory, const std::string& recipe) {
  const auto fingerprint = recipe.substr(recipe.find_last_of(' ') + 1);
  if (!is_hex(fingerprint, fingerprint_digits) || fingerprint.find_first_not_of('0') == std::string::npos) return {};
  return directory + "/documents/" + fingerprint + ".json";
}

void mark_used(const std::string& path) { ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0); }

/// Entries appear whole, but a disk may have failed since.
bool is_whole(const std::string& path) {
  try {
    return SoundReader(path).info().channels > 0;
  } catch (const Error&) {
    return false;
  }
}

/// What a process killed in the act left behind. A day is longer than any writing takes.
bool is_stale_temporary(const fs::path& path, fs::file_time_type used) {
  return path.extension() == ".tmp" && fs::file_time_type::clock::now() - used > std::chrono::hours(24);
}

struct Entry {
  fs::path path;
  fs::file_time_type used;
  std::uint64_t bytes = 0;
};

bool is_entry(const fs::path& path) {
  const auto ending = path.extension();
  return ending == ".stems" || ending == ".part" || (ending == ".wav" && is_sha256(path.stem())) ||
         (ending == ".json" && is_hex(path.stem(), fingerprint_digits));
}

/// Where there is one: what belongs to a growing entry of the stem store.
fs::path state_of(const fs::path& path) { return path.extension() == ".part" ? fs::path(path).replace_extension(".state") : ""; }

/// Also removes what was left behind in the folder.
void collect(const std::string& folder, std::vector<Entry>& entries) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;  // another process may be pruning too
    const auto& path = at->path();
    auto bytes = at->file_size(gone);
    auto used = gone ? fs::file_time_type{} : at->last_write_time(gone);
    if (!gone && is_stale_temporary(path, used)) fs::remove(path, gone);
    if (gone || !is_entry(path)) continue;
    if (const auto state = state_of(path); !state.empty()) {
      if (const auto more = fs::file_size(state, gone); !gone) bytes += more;
    }
    entries.push_back({path, used, bytes});
  }
}

/// False if a process is making or reading it.
bool remove_unlocked(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.is_open() && ::flock(file.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
  std::error_code gone;
  if (const auto state = state_of(path); !state.empty()) fs::remove(state, gone);
  fs::remove(path, gone);
  return !gone;
}

/// Where a cache keeps audio.
std::string made_folder(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory + "/audio", error);
  if (error) throw_system_error(directory + "/audio", error.value());
  return directory + "/audio";
}

}  // namespace

ContentCache::ContentCache(std::string directory, std::uint64_t limit_bytes)
    : directory_(directory.empty() ? default_directory() : std::move(directory)), limit_bytes_(limit_bytes) {}

std::string ContentCache::keep(const AudioView& audio) {
  const auto sha256 = audio_sha256(audio);
  if (const auto path = find(sha256)) return *path;
  const auto path = made_folder(directory_) + "/" + sha256 + ".wav";
  write_sound(path, audio, {Container::wav, Encoding::float32});
  prune(path);
  return path;
}

struct ContentCache::Keeping::State {
  State(const ContentCache& cache_, SampleRate rate, int channels)
      : cache(cache_), folder(made_folder(cache.directory())),
        path(folder + "/arriving-" + std::to_string(::getpid()) + "-" + std::to_string(++made) + ".tmp"),
        writer(path, rate, channels, {Container::wav, Encoding::float32}) {}

  ContentCache cache;
  std::string folder, path;
  SoundWriter writer;
  static inline int made = 0;
};

ContentCache::Keeping::Keeping(const ContentCache& cache, SampleRate rate, int channels)
    : state_(std::make_unique<State>(cache, rate, channels)) {}
ContentCache::Keeping::~Keeping() = default;
ContentCache::Keeping::Keeping(Keeping&&) noexcept = default;
ContentCache::Keeping& ContentCache::Keeping::operator=(Keeping&&) noexcept = default;

void ContentCache::Keeping::write(const AudioView& audio) { state_->writer.write(audio); }

std::string ContentCache::Keeping::commit(const std::string& sha256) {
  if (const auto there = state_->cache.find(sha256)) return *there;
  state_->writer.commit();
  const auto path = state_->folder + "/" + sha256 + ".wav";
  std::error_code error;
  fs::rename(state_->path, path, error);
  if (error) throw_system_error(path, error.value());
  state_->cache.prune(path);
  return path;
}

std::optional<std::string> ContentCache::find(const std::string& sha256) const {
  if (!is_sha256(sha256)) return {};
  const auto path = directory_ + "/audio/" + sha256 + ".wav";
  if (!is_whole(path)) return {};
  mark_used(path);
  return path;
}

void ContentCache::keep_document(const std::string& recipe, std::string_view text) const {
  const auto path = document_path(directory_, recipe);
  if (path.empty() || text.size() > longest_document_bytes) return;
  std::error_code error;
  fs::create_directories(directory_ + "/documents", error);
  if (error) throw_system_error(directory_ + "/documents", error.value());
  write_file(path, text);
  prune(path);
}

std::optional<std::string> ContentCache::find_document(const std::string& recipe) const {
  const auto path = document_path(directory_, recipe);
  std::error_code error;
  if (path.empty() || !fs::exists(path, error)) return {};
  auto text = read_document(path);
  mark_used(path);
  return text;
}

void ContentCache::prune(const std::string& newest) const {
  std::vector<Entry> entries;
  for (const auto* folder : {"/audio", "/stems", "/documents"}) collect(directory_ + folder, entries);
  std::uint64_t total = 0;
  for (const auto& entry : entries) total += entry.bytes;
  std::ranges::sort(entries, {}, &Entry::used);
  for (const auto& entry : entries) {
    if (total <= limit_bytes_) return;
    if (entry.path != newest && remove_unlocked(entry.path)) total -= entry.bytes;
  }
}

}  // namespace sfa::io
