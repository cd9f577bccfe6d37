#include "terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace sfa::play {
namespace {

// What the signal handlers need: they run at any moment, so it is set before `raw` is.
int raw_file = -1;
termios before_raw;
volatile std::sig_atomic_t raw = 0, drawn = 0, wants_stop = 0;  // drawn: so many lines
constexpr std::string_view wiping_line = "\r\x1b[K", line_above = "\x1b[A";
constexpr std::array fatal{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
std::array<struct sigaction, fatal.size()> before_us;

/// Async-signal-safe. From the background tcsetattr would stop the process, were SIGTTOU not blocked.
void restore() {
  if (raw == 0) return;
  sigset_t ttou, kept;
  sigemptyset(&ttou);
  sigaddset(&ttou, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &ttou, &kept);
  tcsetattr(raw_file, TCSANOW, &before_raw);
  pthread_sigmask(SIG_SETMASK, &kept, nullptr);
  raw = 0;
}

/// Async-signal-safe.
void wipe_lines() {
  for (int left = drawn; left > 0; --left) {
    (void)!write(STDERR_FILENO, wiping_line.data(), wiping_line.size());
    if (left > 1) (void)!write(STDERR_FILENO, line_above.data(), line_above.size());
  }
}

extern "C" void restore_and_go_on(int number) {
  restore();
  wipe_lines();
  for (std::size_t i = 0; i < fatal.size(); ++i)
    if (fatal[i] == number) sigaction(number, &before_us[i], nullptr);
  raise(number);  // comes when this handler returns, to whom it would have come without us
}

extern "C" void ask_to_stop(int) { wants_stop = 1; }

void watch_signals() {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < fatal.size(); ++i) {
    sigaction(fatal[i], nullptr, &before_us[i]);
    action.sa_handler = restore_and_go_on;
    if (before_us[i].sa_handler != SIG_IGN) sigaction(fatal[i], &action, nullptr);
  }
  action.sa_handler = ask_to_stop;
  action.sa_flags = SA_RESTART;
  struct sigaction earlier {};
  if (sigaction(SIGTSTP, nullptr, &earlier) == 0 && earlier.sa_handler != SIG_IGN) sigaction(SIGTSTP, &action, nullptr);
}

void unwatch_signals() {
  for (std::size_t i = 0; i < fatal.size(); ++i) sigaction(fatal[i], &before_us[i], nullptr);
  std::signal(SIGTSTP, SIG_DFL);
}

bool in_foreground(int terminal) { return tcgetpgrp(terminal) == getpgrp(); }

bool can_draw() {
  const char* const kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
}

void write_all(std::string_view text) {
  while (!text.empty()) {
    const auto written = write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0) return;  // a terminal that is gone is no reason to stop the music
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

struct Sequence {
  std::string_view bytes;
  Key::Kind kind;
};
constexpr std::array sequences{
    Sequence{"\x1b[A", Key::Kind::up},     Sequence{"\x1bOA", Key::Kind::up},   Sequence{"\x1b[B", Key::Kind::down},
    Sequence{"\x1bOB", Key::Kind::down},   Sequence{"\x1b[C", Key::Kind::right}, Sequence{"\x1bOC", Key::Kind::right},
    Sequence{"\x1b[D", Key::Kind::left},   Sequence{"\x1bOD", Key::Kind::left}, Sequence{"\x1b[H", Key::Kind::home},
    Sequence{"\x1bOH", Key::Kind::home},   Sequence{"\x1b[1~", Key::Kind::home}};

}  // namespace

Terminal::Terminal(bool input_is_taken, bool may_draw) : draws_(may_draw && can_draw()) {
  if (isatty(STDIN_FILENO) == 1)
    file_ = STDIN_FILENO;
  else if (input_is_taken)
    file_ = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (file_ < 0 && !draws_) return;
  watch_signals();
  enter();
}

Terminal::~Terminal() {
  wipe();
  if (file_ < 0 && !draws_) return;
  leave();
  unwatch_signals();
  if (file_ > STDIN_FILENO) close(file_);
}

void Terminal::enter() {
  if (raw != 0 || file_ < 0 || !in_foreground(file_)) return;
  if (tcgetattr(file_, &before_raw) != 0) return;
  auto changed = before_raw;
  changed.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C and Ctrl-Z keep their meaning
  changed.c_cc[VMIN] = 0;
  changed.c_cc[VTIME] = 0;
  raw_file = file_;
  raw = 1;
  if (tcsetattr(file_, TCSANOW, &changed) != 0) raw = 0;
}

void Terminal::leave() { restore(); }

int Terminal::descriptor() const { return file_ >= 0 && !gone_ && in_foreground(file_) ? file_ : -1; }

std::optional<Key> Terminal::key() {
  if (auto known = parse()) return known;
  if (descriptor() < 0) return std::nullopt;
  enter();  // again, if the shell has put us into the foreground
  pollfd wait{.fd = file_, .events = POLLIN, .revents = 0};
  if (poll(&wait, 1, 0) <= 0) {
    // An escape that nothing followed; what follows one comes with it.
    if (std::exchange(waited_, true)) pending_.clear();
    return std::nullopt;
  }
  waited_ = false;
  std::array<char, 64> bytes;
  const auto count = read(file_, bytes.data(), bytes.size());
  if (count <= 0) {
    gone_ = true;
    return std::nullopt;
  }
  pending_.append(bytes.data(), static_cast<std::size_t>(count));
  return parse();
}

std::optional<Key> Terminal::parse() {
  while (!pending_.empty()) {
    const std::string_view text = pending_;
    if (text.front() != '\x1b') {
      const Key key{.character = text.front()};
      pending_.erase(0, 1);
      return key;
    }
    for (const auto& [bytes, kind] : sequences) {
      if (text.starts_with(bytes)) {
        pending_.erase(0, bytes.size());
        return Key{.kind = kind};
      }
      if (bytes.starts_with(text)) return std::nullopt;  // the rest is still to come
    }
    pending_.clear();  // a sequence that means nothing here
  }
  return std::nullopt;
}

bool Terminal::stop_wanted() {
  if (wants_stop == 0) return false;
  wants_stop = 0;
  return true;
}

void Terminal::stop() {
  wipe();
  leave();
  raise(SIGSTOP);
  enter();
}

int Terminal::columns() const {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

int Terminal::rows() const {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

void Terminal::draw(const std::vector<std::string>& lines) {
  if (!draws_ || lines.empty() || tcgetpgrp(STDERR_FILENO) != getpgrp()) return;
  std::string text = "\r";
  if (drawn > 1) text += "\x1b[" + std::to_string(drawn - 1) + "A";
  for (std::size_t i = 0; i < lines.size(); ++i) text += (i > 0 ? "\n" : "") + lines[i] + "\x1b[K";
  text += "\x1b[J";
  drawn = static_cast<int>(lines.size());
  write_all(text);
}

void Terminal::wipe() {
  wipe_lines();
  drawn = 0;
}

}  // namespace sfa::play
