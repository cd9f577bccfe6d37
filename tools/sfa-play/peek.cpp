#include "peek.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace sfa::play {
namespace {

using Head = std::array<char, 4096>;

/// tee(2) copies what stands in a pipe and leaves it there.
ssize_t peek_pipe(int pipe_end, Head& head) {
  int copy[2];
  if (pipe2(copy, O_CLOEXEC) != 0) return -1;
  const auto there = tee(pipe_end, copy[1], head.size(), 0);
  const auto count = there > 0 ? read(copy[0], head.data(), head.size()) : there;
  close(copy[0]);
  close(copy[1]);
  return count;
}

ssize_t peek(int file, Head& head) {
  struct stat status {};
  if (fstat(file, &status) != 0) return -1;
  if (S_ISFIFO(status.st_mode)) return peek_pipe(file, head);
  if (S_ISSOCK(status.st_mode)) return recv(file, head.data(), head.size(), MSG_PEEK);
  if (S_ISREG(status.st_mode)) return pread(file, head.data(), head.size(), lseek(file, 0, SEEK_CUR));
  return -1;
}

}  // namespace

bool begins_a_document(const std::string& path) {
  // Read and write: a named pipe then has a writer, and opening it neither waits nor looks to the
  // real writer as if its reader had come and gone.
  struct stat status {};
  const bool named_pipe = path != "-" && stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
  const int file = path == "-" ? STDIN_FILENO : open(path.c_str(), (named_pipe ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (file < 0) return false;
  Head head;
  const auto count = peek(file, head);
  if (file != STDIN_FILENO) close(file);
  const auto end = head.begin() + std::max<ssize_t>(count, 0);
  const auto first = std::find_if(head.begin(), end, [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
  return first != end && *first == '{';
}

}  // namespace sfa::play
