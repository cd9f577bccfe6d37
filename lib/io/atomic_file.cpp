#include "sfa/io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>

#include "descriptor.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/input.hpp"

namespace sfa::io {
namespace {

namespace fs = std::filesystem;

// The temporaries that a signal handler has to remove. A name is entered before its file is made
// and taken out after the rename: names are never used twice, so removing one that is not there
// (yet, or any more) does no harm, and no signal has to be blocked.
struct Slot {
  enum State { empty, filling, live };
  std::atomic<int> state{empty};
  char path[4096];
};
constinit std::array<Slot, 256> slots{};
constinit std::atomic<bool> removing{false};
static_assert(std::atomic<int>::is_always_lock_free);

/// The slot, or -1 when there is none: such a temporary outlives a signal, until the next run.
int enter(const std::string& path) {
  if (path.size() >= sizeof(Slot::path)) return -1;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    int expected = Slot::empty;
    if (!slots[i].state.compare_exchange_strong(expected, Slot::filling)) continue;
    if (removing) {  // a handler on another thread may still be reading this slot
      slots[i].state = Slot::empty;
      return -1;
    }
    std::memcpy(slots[i].path, path.c_str(), path.size() + 1);
    slots[i].state = Slot::live;
    return static_cast<int>(i);
  }
  return -1;
}

void leave(int slot) {
  if (slot >= 0) slots[static_cast<std::size_t>(slot)].state = Slot::empty;
}

/// Where a write to `path` ends up: behind symbolic links, the last of which may dangle.
std::string followed(const std::string& path) {
  fs::path at = path;
  std::error_code error;
  for (int links = 0; fs::is_symlink(fs::symlink_status(at, error)); ++links) {
    if (links == 40) throw_system_error(path, ELOOP);  // as Linux: path_resolution(7)
    const auto target = fs::read_symlink(at, error);
    if (error) throw_system_error(path, error.value());
    at = target.is_absolute() ? target : at.parent_path() / target;
  }
  return at.string();
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

constexpr std::string_view mark = ".sfa-", ending = ".tmp";

/// ".NAME.sfa-PID-N.tmp" beside the target; NAME is cut so that the whole stays below NAME_MAX.
std::string temporary_for(const std::string& target) {
  static std::atomic<unsigned> counter{0};
  const auto folder = folder_of(target);
  return fmt::format("{}.{}{}{}-{}{}", folder, target.substr(folder.size(), 200), mark, ::getpid(), counter++, ending);
}

/// Whether the temporary `name` in `folder` was made by a process that is no more.
bool is_stale(const std::string& folder, std::string_view name) {
  const auto at = name.rfind(mark);
  if (!name.starts_with('.') || !name.ends_with(ending) || at == std::string_view::npos) return false;
  const auto number = name.substr(at + mark.size());
  const auto end = number.data() + number.size();
  pid_t pid = 0;
  const auto [rest, error] = std::from_chars(number.data(), end, pid);
  if (error != std::errc() || pid <= 0 || rest == end || *rest != '-') return false;
  if (::kill(pid, 0) == 0 || errno != ESRCH) return false;
  // Another container's process has a number that means nothing here, but it holds the lock.
  const Descriptor file(::open((folder + std::string(name)).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  return file.is_open() && ::flock(file.number(), LOCK_EX | LOCK_NB) == 0;
}

/// Once for each folder that this process writes to: to look each time takes long where there are
/// thousands of files.
void remove_stale(const std::string& folder) {
  static std::mutex mutex;
  static std::set<std::string> seen;
  const std::lock_guard lock(mutex);
  if (!seen.insert(folder).second) return;
  std::error_code error;
  for (fs::directory_iterator entry(folder.empty() ? "." : folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (is_stale(folder, name)) ::unlink((folder + name).c_str());
  }
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
  if (const auto number = descriptor_named(path_)) {
    // Opened anew, a file would be written from its start, and the shell's >> would lose what is there.
    descriptor_ = ::fcntl(*number, F_DUPFD_CLOEXEC, 3);
    if (descriptor_ < 0) throw_system_error(path_, errno);
    return;
  }
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw_system_error(path_, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor_ < 0) throw_system_error(path_, errno);
    return;
  }
  if (exists && ::access(path_.c_str(), W_OK) != 0) throw_system_error(path_, errno);
  target_ = followed(path_);
  if (folder_of(target_).size() == target_.size()) throw_system_error(path_, target_.empty() ? ENOENT : EISDIR);
  remove_stale(folder_of(target_));
  temporary_ = temporary_for(target_);
  slot_ = enter(temporary_);
  descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    const int error = errno;
    leave(slot_);
    throw_system_error(path_, error);
  }
  ::flock(descriptor_, LOCK_EX | LOCK_NB);
  if (exists) ::fchmod(descriptor_, status.st_mode & 0777);
}

AtomicFile::~AtomicFile() { discard(); }

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      slot_(std::exchange(other.slot_, -1)) {}

void AtomicFile::discard() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
  leave(std::exchange(slot_, -1));
}

void AtomicFile::write(std::string_view bytes) {
  if (const int error = write_all(descriptor_, bytes)) throw_system_error(path_, error);
}

void AtomicFile::commit() {
  Descriptor file(std::exchange(descriptor_, -1));
  int error = ::fsync(file.number()) == 0 ? 0 : errno;
  if (error == EINVAL || error == EROFS || error == ENOTSUP) error = 0;  // pipes and devices know no sync
  if (const int closing = file.close(); error == 0) error = closing;
  if (error == 0 && !temporary_.empty() && ::rename(temporary_.c_str(), target_.c_str()) != 0) error = errno;
  if (error == 0) temporary_.clear();
  discard();
  if (error != 0) throw_system_error(path_, error);
}

void write_file(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

std::string read_file(const std::string& path, std::size_t limit) {
  const auto name = input_name(path);
  const auto file = open_input(path);
  std::string bytes;
  for (std::size_t block = 1 << 16;; block = std::min(block * 2, std::size_t{1} << 24)) {
    const auto before = bytes.size();
    // One byte more than allowed tells a file at its limit from one beyond it.
    const auto wanted = std::min(block, limit - before + 1);
    bytes.resize(before + wanted);
    const auto count = read_up_to(file.number(), std::as_writable_bytes(std::span(bytes).subspan(before)), name);
    bytes.resize(before + count);
    if (bytes.size() > limit)
      throw Error(Error::Kind::invalid_data, name + ": larger than " + std::to_string(limit) + " bytes");
    if (count < wanted) return bytes;
  }
}

void remove_temporaries() noexcept {
  const int saved = errno;
  removing = true;
  for (auto& slot : slots)
    if (slot.state == Slot::live) ::unlink(slot.path);
  removing = false;
  errno = saved;
}

}  // namespace sfa::io
