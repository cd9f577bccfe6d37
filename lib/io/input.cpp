#include "sfa/io/input.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "descriptor.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::io {
namespace {

using Head = std::array<char, 4096>;

/// tee(2) copies what stands in a pipe and leaves it there.
ssize_t peek_pipe(int pipe_end, Head& head) {
  int copy[2];
  if (::pipe2(copy, O_CLOEXEC) != 0) return -1;
  const auto there = ::tee(pipe_end, copy[1], head.size(), 0);
  const auto count = there > 0 ? ::read(copy[0], head.data(), head.size()) : there;
  ::close(copy[0]);
  ::close(copy[1]);
  return count;
}

ssize_t peek(int file, Head& head) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return -1;
  if (S_ISFIFO(status.st_mode)) return peek_pipe(file, head);
  if (S_ISSOCK(status.st_mode)) return ::recv(file, head.data(), head.size(), MSG_PEEK);
  if (S_ISREG(status.st_mode)) return ::pread(file, head.data(), head.size(), ::lseek(file, 0, SEEK_CUR));
  return -1;
}

}  // namespace

std::string input_name(const std::string& path) { return path == "-" ? "standard input" : path; }

bool is_stream(const std::string& path) {
  if (path == "-" || descriptor_named(path)) return true;
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool begins_a_document(const std::string& path) try {
  auto file = open_input(path);
  Head head;
  const auto count = peek(file.number(), head);
  if (!is_regular(file.number())) hold(path, std::move(file));
  std::string_view text(head.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  text.remove_prefix(byte_order_mark_length(text));
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
} catch (const Error&) {
  return false;
}

SpooledInput::SpooledInput(const std::string& path) {
  const auto input = open_input(path);
  const auto file = nameless_file();
  copy_rest(input.number(), file.number(), input_name(path), "temporary file");
  descriptor_ = ::fcntl(file.number(), F_DUPFD_CLOEXEC, 3);
  if (descriptor_ < 0) throw_system_error("temporary file", errno);
}

SpooledInput::~SpooledInput() { ::close(descriptor_); }

std::string SpooledInput::path() const { return "/dev/fd/" + std::to_string(descriptor_); }

}  // namespace sfa::io
