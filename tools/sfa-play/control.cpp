#include "control.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::play {
namespace {

constexpr std::size_t most_clients = 16;
constexpr int lines_at_once = 64;

bool ready(int file, short events) {
  pollfd wait{.fd = file, .events = events, .revents = 0};
  return poll(&wait, 1, 0) > 0 && (wait.revents & (events | POLLHUP)) != 0;
}

/// As much of `text` as goes out without waiting; false if nobody is there any more.
bool write_some(int file, std::string& text) {
  constexpr std::size_t at_once = 4096;  // a pipe that can be written takes so much (PIPE_BUF)
  while (!text.empty() && ready(file, POLLOUT)) {
    const auto written = write(file, text.data(), std::min(text.size(), at_once));
    if (written < 0) return errno == EAGAIN || errno == EINTR;
    text.erase(0, static_cast<std::size_t>(written));
  }
  return true;
}

/// False if that did not go out as a whole.
bool send_all(int file, const std::string& text) {
  return text.empty() || ::send(file, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(text.size());
}

[[noreturn]] void fail(const std::string& path) { throw Error(Error::Kind::io, path + ": " + std::strerror(errno)); }

bool same(const std::vector<RuleState>& a, const std::vector<RuleState>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.id == y.id && x.probability == y.probability && x.enabled == y.enabled && x.text == y.text;
  });
}

}  // namespace

struct Control::Client {
  explicit Client(int descriptor) : file(descriptor), reader(descriptor) {}
  ~Client() { close(file); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  int file;
  LineReader reader;
};

template <typename Take>
bool LineReader::read(int most, Take take) {
  std::array<char, 4096> bytes;
  for (int lines = 0; lines < most;) {
    if (const auto end = kept_.find('\n'); end != std::string::npos) {
      if (!skipping_) {
        take(kept_.substr(0, end), true);
        ++lines;
      }
      skipping_ = false;
      kept_.erase(0, end + 1);
      continue;
    }
    if (kept_.size() > Commands::longest_line) {
      if (!skipping_) take(std::string(), false);
      skipping_ = true;
      kept_.clear();
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

Control::Control(const ControlOptions& options) {
  if (options.standard_input) input_.emplace(STDIN_FILENO);
  if (!options.state.empty()) open_state(options.state);
  if (options.osc_port) receiver_ = std::make_unique<osc::Receiver>(*options.osc_port);
  if (!options.osc_to.empty()) sender_ = std::make_unique<osc::Sender>(options.osc_to);
  if (!options.socket.empty()) listen(options.socket);
}

Control::~Control() {
  if (listener_ >= 0) {
    close(listener_);
    unlink(path_.c_str());
  }
  if (closes_state_) close(state_);
}

void Control::open_state(const std::string& path) {
  if (path == "-") {
    state_ = STDOUT_FILENO;
    return;
  }
  state_ = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0666);
  if (state_ < 0) fail(path);
  closes_state_ = true;
}

void Control::listen(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw Error(Error::Kind::invalid_argument, path + ": too long for the name of a socket");
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const auto* const raw = reinterpret_cast<const sockaddr*>(&address);
  const int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (file < 0) fail(path);
  struct stat there {};
  if (lstat(path.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode) || connect(file, raw, sizeof address) == 0 || errno != ECONNREFUSED) {
      close(file);
      throw Error(Error::Kind::exists, path + ": is there already");
    }
    unlink(path.c_str());  // of one who was killed
  }
  const auto mask = umask(0177);  // its owner alone may steer
  const bool bound = bind(file, raw, sizeof address) == 0 && ::listen(file, 8) == 0;
  const int error = errno;
  umask(mask);
  if (!bound) {
    close(file);
    errno = error;
    fail(path);
  }
  listener_ = file;
  path_ = path;
}

void Control::add_to(std::vector<pollfd>& waits) const {
  const auto add = [&](int file) { waits.push_back({.fd = file, .events = POLLIN, .revents = 0}); };
  if (input_) add(STDIN_FILENO);
  if (listener_ >= 0) add(listener_);
  for (const auto& client : clients_) add(client->file);
  if (receiver_) add(receiver_->descriptor());
}

void Control::accept_clients() {
  if (listener_ < 0) return;
  for (int file; (file = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;) {
    if (clients_.size() < most_clients)
      clients_.push_back(std::make_unique<Client>(file));
    else
      close(file);
  }
}

namespace {

std::string answer(Commands& commands, const std::string& line, bool whole) {
  if (!whole) return refusal("a line may have 65536 bytes at most");
  return line.find_first_not_of(" \t\r") == std::string::npos ? "" : commands.carry_out(line);
}

}  // namespace

/// False once it is gone, or does not read what it is told.
bool Control::serve(Client& client, Commands& commands) {
  bool listens = true;
  const bool open = client.reader.read(lines_at_once, [&](const std::string& line, bool whole) {
    const auto reply = answer(commands, line, whole);
    listens = listens && send_all(client.file, reply);
  });
  return open && listens;
}

void Control::serve(Commands& commands) {
  accept_clients();
  std::erase_if(clients_, [&](const auto& client) { return !serve(*client, commands); });
  if (input_) {
    const bool open = input_->read(lines_at_once, [&](const std::string& line, bool whole) {
      auto reply = answer(commands, line, whole);
      (void)write_some(STDOUT_FILENO, reply);
    });
    if (!open) input_.reset();
  }
  if (receiver_)
    receiver_->receive([&](const osc::Message& message, const osc::Receiver::Reply& reply) {
      if (const auto error = commands.carry_out(message); !error.empty()) reply({"/sfa/error", {message.address, error}});
    });
}

void Control::tell(const Desk& desk) {
  if (sender_) sender_->send(state_messages(desk));
  if (state_ < 0) return;
  if (unsent_.empty()) {
    const bool whole = !std::exchange(told_any_, true) || !same(told_rules_, desk.status().rules);
    if (whole) told_rules_ = desk.status().rules;
    unsent_ = state_line(desk, whole);
  }
  (void)write_some(state_, unsent_);
}

}  // namespace sfa::play
