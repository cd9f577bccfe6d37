// libsndfile over a descriptor of ours, so that the system's own errors are seen: libsndfile
// turns a full disk into a short count, and loses it altogether when it mends a header on closing.
#pragma once
#include <sndfile.h>

#include <memory>
#include <string>

namespace sfa::io {

struct SndfileCloser {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndfileHandle = std::unique_ptr<SNDFILE, SndfileCloser>;

/// What libsndfile reads from and writes to. Must stay where it is while the handle lives.
struct SndfileIo {
  int descriptor = -1;
  int error_number = 0;  // the first that the system reported
  sf_count_t begin = 0;  // where in the file what libsndfile takes for it begins

  /// Null on failure; sf_strerror(nullptr) then tells why.
  [[nodiscard]] SndfileHandle open(int mode, SF_INFO& info);
};

}  // namespace sfa::io
