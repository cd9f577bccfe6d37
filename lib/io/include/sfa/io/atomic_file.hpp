// A file that appears under its name whole or not at all: written under a temporary name in the
// same folder (".NAME.sfa-PID-N.tmp"), synced, then renamed. The temporary is removed when the
// object dies uncommitted, and by remove_temporaries(), which a signal handler may call.
#pragma once
#include <string>
#include <string_view>

namespace sfa::io {

class AtomicFile {
 public:
  /// Creates the temporary, and removes those that processes killed in the act left in this folder.
  /// Throws Error::not_found where the folder is missing, Error::io otherwise. A path that names a
  /// device or a pipe (/dev/full) is written directly, an open descriptor (/dev/stdout, /dev/fd/N) from
  /// where it stands; a symbolic link is followed;
  /// a file that is there already hands its permission bits on.
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// A device or pipe: no seeking, no name to be given at the end.
  [[nodiscard]] bool is_direct() const { return temporary_.empty(); }

  /// All of `bytes`, or Error::io ("out.json: No space left on device").
  void write(std::string_view bytes);

  /// Syncs, closes and renames. Error::io if any of it fails; then the temporary is removed.
  void commit();

 private:
  void discard() noexcept;
  std::string path_;
  std::string target_;     // behind symbolic links
  std::string temporary_;  // empty when writing directly
  int descriptor_ = -1;
  int slot_ = -1;          // in the table that remove_temporaries() reads
};

/// Writes `bytes` to `path` at once.
void write_file(const std::string& path, std::string_view bytes);

/// The whole of a file, or of standard input for "-". At most `limit` bytes, else Error::invalid_data.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t limit = std::size_t{1} << 30);

/// Removes every temporary of this process. Async-signal-safe.
void remove_temporaries() noexcept;

}  // namespace sfa::io
