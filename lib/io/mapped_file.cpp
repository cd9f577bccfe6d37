#include "sfa/io/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

#include "descriptor.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::io {

MappedFile map_file(const std::string& path) {
  // O_NONBLOCK: a pipe that nobody writes to is opened at once, and then refused.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.is_open()) throw_system_error(path, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) throw_system_error(path, errno);
  if (S_ISDIR(status.st_mode)) throw_system_error(path, EISDIR);
  if (!S_ISREG(status.st_mode)) throw Error(Error::Kind::io, path + ": not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) throw Error(Error::Kind::invalid_data, path + ": the file is empty");
  void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (start == MAP_FAILED) throw_system_error(path, errno);
  const auto unmap = [size](void* mapped) { ::munmap(mapped, size); };
  return {{static_cast<const std::byte*>(start), size}, std::shared_ptr<void>(start, unmap)};
}

}  // namespace sfa::io
