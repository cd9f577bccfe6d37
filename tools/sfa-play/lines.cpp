#include "lines.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace sfa::play {
namespace {

bool ready(int file, short events, int wait_ms = 0) {
  pollfd wait{.fd = file, .events = events, .revents = 0};
  return poll(&wait, 1, wait_ms) > 0 && (wait.revents & (events | POLLHUP | POLLERR)) != 0;
}

}  // namespace

bool LineReader::read(int most, const Take& take) {
  std::array<char, 4096> bytes;
  for (int lines = 0; lines < most;) {
    if (const auto end = kept_.find('\n'); end != std::string::npos) {
      const auto line = kept_.substr(0, end);
      kept_.erase(0, end + 1);
      if (skipping_) {
        skipping_ = false;
        continue;
      }
      if (!take(line, true)) return true;
      ++lines;
      continue;
    }
    if (kept_.size() > longest_line) {
      kept_.clear();
      if (!std::exchange(skipping_, true) && !take({}, false)) return true;
    }
    if (ended_ || !ready(file_, POLLIN)) return !ended_;
    const auto count = ::read(file_, bytes.data(), bytes.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    ended_ = count <= 0;
    if (ended_ && !kept_.empty() && !skipping_) kept_ += '\n';  // a last line without an end
    if (count > 0) kept_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return true;
}

void LineWriter::write(const std::string& text) {
  if (gone_) return;
  unsent_ += text;
  flush();
}

void LineWriter::flush() {
  constexpr std::size_t at_once = 4096;  // a pipe that can be written takes so much (PIPE_BUF)
  while (!unsent_.empty() && ready(file_, POLLOUT)) {
    const auto written = ::write(file_, unsent_.data(), std::min(unsent_.size(), at_once));
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
    gone_ = written < 0;
    unsent_.erase(0, gone_ ? unsent_.size() : static_cast<std::size_t>(written));
  }
}

void LineWriter::finish(std::chrono::steady_clock::time_point give_up) {
  using namespace std::chrono;
  while (!unsent_.empty()) {
    const auto left = ceil<milliseconds>(give_up - steady_clock::now());
    if (left.count() <= 0 || !ready(file_, POLLOUT, static_cast<int>(left.count()))) return;
    flush();
  }
}

}  // namespace sfa::play
