#include "sndfile_io.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "descriptor.hpp"

namespace sfa::io {
namespace {

SndfileIo& self(void* user) { return *static_cast<SndfileIo*>(user); }

sf_count_t note_error(SndfileIo& io, int error) {
  if (io.error_number == 0) io.error_number = error;
  return -1;
}

sf_count_t length(void* user) {
  return std::max<sf_count_t>(static_cast<sf_count_t>(size_of(self(user).descriptor)) - self(user).begin, 0);
}

sf_count_t within(const SndfileIo& io, off_t place) { return place < 0 ? place : place - io.begin; }

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  // A seek to nowhere is a mark of a broken file, not of a broken disk.
  const auto& io = self(user);
  return within(io, ::lseek(io.descriptor, whence == SEEK_SET ? io.begin + offset : offset, whence));
}

sf_count_t read(void* bytes, sf_count_t count, void* user) {
  for (;;) {
    const auto done = ::read(self(user).descriptor, bytes, static_cast<std::size_t>(count));
    if (done >= 0) return done;
    if (errno != EINTR) {
      note_error(self(user), errno);
      return 0;
    }
  }
}

sf_count_t write(const void* bytes, sf_count_t count, void* user) {
  const int error =
      write_all(self(user).descriptor, {static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
  if (error == 0) return count;
  note_error(self(user), error);
  return 0;
}

sf_count_t tell(void* user) { return within(self(user), ::lseek(self(user).descriptor, 0, SEEK_CUR)); }

}  // namespace

SndfileHandle SndfileIo::open(int mode, SF_INFO& info) {
  SF_VIRTUAL_IO io{length, seek, read, write, tell};
  return SndfileHandle(sf_open_virtual(&io, mode, &info, this));
}

}  // namespace sfa::io
