#include "control.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::play {
namespace {

constexpr std::size_t most_clients = 16;
constexpr int lines_at_once = 64;

[[noreturn]] void fail(const std::string& path) { throw Error(Error::Kind::io, path + ": " + std::strerror(errno)); }

bool same(const std::vector<RuleState>& a, const std::vector<RuleState>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.id == y.id && x.probability == y.probability && x.enabled == y.enabled && x.text == y.text;
  });
}

}  // namespace

struct Control::Client {
  explicit Client(int descriptor) : file(descriptor), replies(descriptor), peer(descriptor, replies) {}
  ~Client() { close(file); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  int file;
  LineWriter replies;
  Peer peer;
};

bool Peer::serve(Commands& commands) {
  replies_.flush();
  owed_ = owed_ && !replies_.empty();
  if (owed_) return true;
  return reader_.read(lines_at_once, [&](const std::string& line, bool whole) {
    if (whole && line.find_first_not_of(" \t\r") == std::string::npos) return true;
    replies_.write(whole ? commands.carry_out(line) : refusal("a line may have 65536 bytes at most"));
    owed_ = !replies_.empty();
    return !owed_;
  });
}

pollfd Peer::wait() const {
  return owed_ ? pollfd{.fd = replies_.descriptor(), .events = POLLOUT, .revents = 0}
               : pollfd{.fd = input_, .events = POLLIN, .revents = 0};
}

Control::Control(const ControlOptions& options) : output_(STDOUT_FILENO) {
  if (options.standard_input) input_.emplace(STDIN_FILENO, output_);
  if (!options.state.empty()) open_state(options.state);
  const auto from = options.osc_from_anywhere ? osc::Receiver::From::anywhere : osc::Receiver::From::this_machine;
  if (options.osc_port) receiver_ = std::make_unique<osc::Receiver>(*options.osc_port, from);
  if (!options.osc_to.empty()) sender_ = std::make_unique<osc::Sender>(options.osc_to);
  if (!options.socket.empty()) listen(options.socket);
}

Control::~Control() {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  for (const auto& client : clients_) client->replies.finish(give_up);
  if (states_) states_->finish(give_up);
  output_.finish(give_up);
  if (listener_ >= 0) {
    close(listener_);
    unlink(path_.c_str());
  }
  if (state_file_ >= 0) close(state_file_);
}

void Control::open_state(const std::string& path) {
  if (path == "-") {
    state_ = &output_;
    return;
  }
  state_file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0666);
  if (state_file_ < 0) fail(path);
  state_ = &states_.emplace(state_file_);
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
  if (input_) waits.push_back(input_->wait());
  if (listener_ >= 0) add(listener_);
  for (const auto& client : clients_) waits.push_back(client->peer.wait());
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

void Control::serve(Commands& commands) {
  accept_clients();
  std::erase_if(clients_, [&](const auto& client) { return !client->peer.serve(commands) || client->replies.gone(); });
  if (input_ && !input_->serve(commands)) input_.reset();
  if (receiver_)
    receiver_->receive([&](const osc::Message& message, const osc::Receiver::Reply& reply) {
      if (const auto error = commands.carry_out(message); !error.empty()) reply({"/sfa/error", {message.address, error}});
    });
}

void Control::tell(const Desk& desk) {
  if (sender_) sender_->send(state_messages(desk));
  if (state_ == nullptr) return;
  state_->flush();
  if (!state_->empty()) return;
  const bool whole = !std::exchange(told_any_, true) || !same(told_rules_, desk.status().rules);
  if (whole) told_rules_ = desk.status().rules;
  state_->write(state_line(desk, whole));
}

}  // namespace sfa::play
