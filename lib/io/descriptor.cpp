#include "descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <map>
#include <mutex>
#include <system_error>

#include "sfa/audio/error.hpp"
#include "sfa/io/input.hpp"

namespace sfa::io {

int Descriptor::close() {
  const int number = std::exchange(number_, -1);
  // On Linux the descriptor is gone even after EINTR: never close it again.
  return number >= 0 && ::close(number) != 0 && errno != EINTR ? errno : 0;
}

void throw_system_error(const std::string& name, int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  throw Error(missing ? Error::Kind::not_found : Error::Kind::io,
              name + ": " + std::generic_category().message(error_number));
}

namespace {

struct Held {
  std::mutex mutex;
  std::map<std::string, Descriptor> files;
};

Held& held() {
  static Held all;
  return all;
}

Descriptor take_held(const std::string& path) {
  const std::lock_guard lock(held().mutex);
  const auto file = held().files.extract(path);
  return file.empty() ? Descriptor() : std::move(file.mapped());
}

Descriptor open_or_take(const std::string& path) {
  if (auto file = take_held(path); file.is_open()) return file;
  const auto number = path == "-" ? STDIN_FILENO : descriptor_named(path);
  // A regular file is opened anew, for a place of its own in it; a socket could not be.
  if (number && (path == "-" || !is_regular(*number))) return Descriptor(::fcntl(*number, F_DUPFD_CLOEXEC, 3));
  return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
}

}  // namespace

void hold(const std::string& path, Descriptor file) {
  const std::lock_guard lock(held().mutex);
  held().files.insert_or_assign(path, std::move(file));
}

Descriptor open_input(const std::string& path) {
  const auto name = input_name(path);
  auto file = open_or_take(path);
  if (!file.is_open()) throw_system_error(name, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) throw_system_error(name, errno);
  if (S_ISDIR(status.st_mode)) throw_system_error(name, EISDIR);
  return file;
}

std::optional<int> descriptor_named(std::string_view path) noexcept {
  if (path == "/dev/stdin") return STDIN_FILENO;
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const char *begin = path.data() + folder.size(), *end = path.data() + path.size();
    int number = -1;
    const auto [rest, error] = std::from_chars(begin, end, number);
    if (error == std::errc() && rest == end && number >= 0) return number;
  }
  return std::nullopt;
}

std::size_t byte_order_mark_length(std::string_view text) noexcept { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

std::size_t read_up_to(int descriptor, std::span<std::byte> bytes, const std::string& name) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = ::read(descriptor, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_system_error(name, errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::size_t read_at(int descriptor, std::uint64_t offset, std::span<std::byte> bytes) noexcept {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = ::pread(descriptor, bytes.data() + done, bytes.size() - done,
                               static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

int write_all(int descriptor, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

int write_at(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) noexcept {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto count = ::pwrite(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    done += static_cast<std::size_t>(count);
  }
  return 0;
}

bool is_regular(int descriptor) noexcept {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

std::uint64_t size_of(int descriptor) noexcept {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

Descriptor nameless_file() {
  const char* folder = std::getenv("TMPDIR");
  std::string name = std::string(folder && *folder ? folder : "/tmp") + "/sfa-XXXXXX";
  Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file.is_open()) throw_system_error(name, errno);
  ::unlink(name.c_str());
  return file;
}

void copy_rest(int from, int to, const std::string& from_name, const std::string& to_name) {
  std::array<std::byte, 1 << 16> block;
  while (const auto count = read_up_to(from, block, from_name))
    if (const int error = write_all(to, {reinterpret_cast<const char*>(block.data()), count}))
      throw_system_error(to_name, error);
}

}  // namespace sfa::io
