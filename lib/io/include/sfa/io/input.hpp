// What stands behind an input's path: a file, which can be opened any number of times, or a stream, which
// comes once. "-" is standard input.
#pragma once
#include <string>

namespace sfa::io {

/// What messages call the input `path`: "-" is "standard input".
[[nodiscard]] std::string input_name(const std::string& path);

/// True for "-", for a path that means an open descriptor (/dev/stdin, /dev/fd/N), and for one that names
/// neither a regular file nor a folder (a pipe, a device). No other process, and no later run, finds the
/// same there: documents do not name it. False for what is not there.
[[nodiscard]] bool is_stream(const std::string& path);

/// True if the first thing in the input is a '{', after a byte order mark and white space: a JSON document;
/// sounds begin otherwise. Nothing is taken away from who reads it next; on a pipe it waits for the
/// first bytes. What cannot be opened or read is no document: whoever opens it next will say why.
[[nodiscard]] bool begins_a_document(const std::string& path);

/// All that comes down a stream, for who must read it more than once: kept in a file without a name in
/// $TMPDIR (else /tmp) while the object lives.
class SpooledInput {
 public:
  /// Throws Error::io where `path` cannot be read or its bytes cannot be kept.
  explicit SpooledInput(const std::string& path);
  ~SpooledInput();
  SpooledInput(const SpooledInput&) = delete;
  SpooledInput& operator=(const SpooledInput&) = delete;

  /// A path by which this process can open it any number of times.
  [[nodiscard]] std::string path() const;

 private:
  int descriptor_;
};

}  // namespace sfa::io
