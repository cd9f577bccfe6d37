// Files by descriptor, with errors that name the file: what the rest of this room stands on.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sfa::io {

/// An open file, closed when the object dies.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  /// 0, or errno of a close that failed.
  int close();

 private:
  int number_ = -1;
};

/// "loop.wav: No such file or directory". ENOENT and ENOTDIR are Error::not_found, the rest Error::io.
[[noreturn]] void throw_system_error(const std::string& name, int error_number);

/// For reading; "-", and an open pipe's /dev/fd/N, are duplicates of what is open. A directory is an error.
[[nodiscard]] Descriptor open_input(const std::string& path);

/// The next open_input(path) gets `file`: a pipe that was looked into is not closed between, since with its
/// last reader goes what stands in it.
void hold(const std::string& path, Descriptor file);

/// The number of the open descriptor that `path` stands for: /dev/stdout, /dev/fd/N, /proc/self/fd/N.
[[nodiscard]] std::optional<int> descriptor_named(std::string_view path) noexcept;

/// How many bytes of UTF-8's byte order mark `text` begins with: 3 or 0.
[[nodiscard]] std::size_t byte_order_mark_length(std::string_view text) noexcept;

/// Fills `bytes` from where the file stands, less only at its end. Returns how many.
[[nodiscard]] std::size_t read_up_to(int descriptor, std::span<std::byte> bytes, const std::string& name);

/// The same from `offset`, the file's position left alone. Errors count as its end.
[[nodiscard]] std::size_t read_at(int descriptor, std::uint64_t offset, std::span<std::byte> bytes) noexcept;

/// All of `bytes`. Returns 0 or errno.
[[nodiscard]] int write_all(int descriptor, std::string_view bytes) noexcept;

/// All of `bytes` at `offset`, the file's position left alone. Returns 0 or errno.
[[nodiscard]] int write_at(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) noexcept;

[[nodiscard]] bool is_regular(int descriptor) noexcept;
[[nodiscard]] std::uint64_t size_of(int descriptor) noexcept;

/// A new file without a name in $TMPDIR (else /tmp), gone when closed.
[[nodiscard]] Descriptor nameless_file();

/// Copies all that is left of `from` behind what `to` holds.
void copy_rest(int from, int to, const std::string& from_name, const std::string& to_name);

}  // namespace sfa::io
