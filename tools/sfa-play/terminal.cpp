#include "terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace sfa::play {
namespace {

// What the signal handlers need: they run at any moment, so it is set before `raw` is.
int raw_file = -1;
termios before_raw;
volatile std::sig_atomic_t raw = 0, drawn = 0, wants_stop = 0;
constexpr std::string_view wiping = "\r\x1b[K";
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

extern "C" void restore_and_go_on(int number) {
  restore();
  if (drawn != 0) (void)!write(STDERR_FILENO, wiping.data(), wiping.size());
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

std::optional<Key> Terminal::key(int milliseconds) {
  if (auto known = parse()) return known;
  if (file_ >= 0 && in_foreground(file_)) {
    enter();  // again, if the shell has put us into the foreground
    pollfd wait{.fd = file_, .events = POLLIN, .revents = 0};
    if (poll(&wait, 1, milliseconds) <= 0) {
      pending_.clear();  // an escape that nothing followed
      return std::nullopt;
    }
    std::array<char, 64> bytes;
    if (const auto count = read(file_, bytes.data(), bytes.size()); count > 0) {
      pending_.append(bytes.data(), static_cast<std::size_t>(count));
      return parse();
    }
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  return std::nullopt;
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

void Terminal::draw(const std::string& line) {
  if (!draws_ || tcgetpgrp(STDERR_FILENO) != getpgrp()) return;
  write_all("\r" + line + "\x1b[K");
  drawn = 1;
}

void Terminal::wipe() {
  if (drawn == 0) return;
  write_all(wiping);
  drawn = 0;
}

}  // namespace sfa::play
