#include "child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "sfa/audio/error.hpp"

namespace sfa::play {
namespace {

constexpr int cannot_run = 127;  // as shells tell it

[[noreturn]] void throw_errno(const std::string& what) {
  throw Error(errno == ENOENT ? Error::Kind::not_found : Error::Kind::io, fmt::format("{}: {}", what, std::strerror(errno)));
}

/// What the new process does between fork and exec, where nothing may be called but system calls.
[[noreturn]] void become(char* const* arguments, pid_t parent, int input, int output, int errors) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(cannot_run);  // too late
  if (input >= 0) ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::close_range(3, UINT_MAX, 0);  // the audio device's, too
  std::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(arguments[0], arguments);
  ::_exit(cannot_run);
}

}  // namespace

std::string find_program(const std::string& name) {
  std::error_code error;
  std::vector<std::string> folders;
  if (const auto own = std::filesystem::read_symlink("/proc/self/exe", error); !error)
    folders.push_back(own.parent_path().string());
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const auto folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (!folder.empty()) folders.emplace_back(folder);
  }
  for (const auto& folder : folders)
    if (const auto file = folder + "/" + name; ::access(file.c_str(), X_OK) == 0) return file;
  return {};
}

Child::Child(const std::vector<std::string>& arguments, const std::string& input, std::chrono::seconds patience) {
  const auto& name = arguments.front();
  int given = -1;
  if (input != "-") {
    given = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
    if (given < 0) throw_errno(input);
  }
  std::array<int, 2> ends{-1, -1};  // a socket, since reading from it may have a time limit
  errors_ = ::memfd_create("sfa-child", MFD_CLOEXEC);
  if (errors_ < 0 || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno(name);
  output_ = ends[0];
  const timeval limit{patience.count(), 0};
  ::setsockopt(output_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);

  std::vector<char*> pointers;
  for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(pointers.data(), parent, given, ends[1], errors_);
  const int problem = errno;
  ::close(ends[1]);
  if (given >= 0) ::close(given);
  errno = problem;
  if (pid_ < 0) throw_errno(name);
}

Child::~Child() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  wait();
  ::close(errors_);
}

std::string Child::output() const { return fmt::format("/dev/fd/{}", output_); }

bool Child::wait() {
  if (output_ >= 0) ::close(output_);  // or one that still writes would never end
  output_ = -1;
  while (pid_ > 0 && ::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
}

std::string Child::last_words() const {
  std::string text(4096, '\0');
  const auto size = ::lseek(errors_, 0, SEEK_END);
  const auto got = ::pread(errors_, text.data(), text.size(), std::max<off_t>(0, size - std::ssize(text)));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  text = text.substr(text.rfind('\n') + 1);
  if (!text.empty()) return text;
  if (WIFSIGNALED(status_)) return fmt::format("ended by signal {}", WTERMSIG(status_));
  return WEXITSTATUS(status_) == cannot_run ? "cannot be run" : fmt::format("ended with {}", WEXITSTATUS(status_));
}

}  // namespace sfa::play
