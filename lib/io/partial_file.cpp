#include "partial_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <thread>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::io {

PartialFile::PartialFile(std::string target, std::string path, Descriptor file)
    : target_(std::move(target)), path_(std::move(path)), file_(std::move(file)) {}

PartialFile::~PartialFile() {
  if (file_.is_open() && locked_ && bytes_ == 0 && has_its_name()) remove();
}

std::optional<PartialFile> PartialFile::open(const std::string& target, const std::function<void()>& idle,
                                             const std::function<bool()>& is_done) {
  const auto path = target + ".part";
  for (;;) {
    PartialFile partial(target, path,
                        Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666)));
    if (!partial.file_.is_open()) throw_system_error(path, errno);
    if (!is_regular(partial.file_.number())) throw Error(Error::Kind::io, path + ": is not a regular file");
    while (::flock(partial.file_.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) throw_system_error(path, errno);
      idle();
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    partial.locked_ = true;
    // Who held the lock may have renamed or removed what we opened; one who came after that, and made
    // a new file, may find the target done, too.
    if (!partial.has_its_name()) {
      if (is_done()) return std::nullopt;
      continue;
    }
    partial.bytes_ = size_of(partial.file_.number());
    if (partial.bytes_ > 0 || !is_done()) return partial;
    return std::nullopt;
  }
}

bool PartialFile::has_its_name() const {
  struct stat open_one {}, named {};
  return ::fstat(file_.number(), &open_one) == 0 && ::lstat(path_.c_str(), &named) == 0 &&
         open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

void PartialFile::cut(std::uint64_t bytes) {
  if (bytes > bytes_) throw Error(Error::Kind::invalid_argument, path_ + ": cannot be cut beyond its end");
  if (::ftruncate(file_.number(), static_cast<off_t>(bytes)) != 0 ||
      ::lseek(file_.number(), static_cast<off_t>(bytes), SEEK_SET) < 0)
    throw_system_error(path_, errno);
  bytes_ = bytes;
}

void PartialFile::append(std::span<const std::byte> bytes) {
  if (const int error = write_all(file_.number(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}))
    throw_system_error(path_, error);
  bytes_ += bytes.size();
}

void PartialFile::finish() {
  if (::fsync(file_.number()) != 0) throw_system_error(path_, errno);
  // Closing it, and with it the lock, comes last: who waits must find it done.
  if (::rename(path_.c_str(), target_.c_str()) != 0) throw_system_error(target_, errno);
}

void PartialFile::remove() { ::unlink(path_.c_str()); }

}  // namespace sfa::io
