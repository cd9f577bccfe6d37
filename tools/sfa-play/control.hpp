// The ways by which others steer the playing and see how it goes: lines on standard input and on a Unix socket, OSC,
// a stream of states. Nothing here waits for anybody, and no thread is started: who does not read is left behind.
#pragma once
#include <poll.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "sfa/osc/socket.hpp"

namespace sfa::play {

struct ControlOptions {
  bool standard_input = false;       // commands come there, replies go to standard output
  std::string socket;                // path; empty: none
  std::string state;                 // file, "-" for standard output; empty: none
  std::optional<int> osc_port;
  std::string osc_to;                // HOST:PORT; empty: nowhere
  /// The first that was given; empty if none was.
  [[nodiscard]] std::string option() const {
    return !socket.empty() ? "--control" : !state.empty() ? "--state" : osc_port ? "--osc" : !osc_to.empty() ? "--osc-to" : "";
  }
};

/// Lines out of what a descriptor gives. Too long a one is told of once and passed over.
class LineReader {
 public:
  explicit LineReader(int descriptor) : file_(descriptor) {}
  /// What there is without waiting, at most `most` lines; `line` is empty for one that was too long. False at the end.
  template <typename Take>
  bool read(int most, Take take);

 private:
  int file_;
  std::string kept_;
  bool skipping_ = false, ended_ = false;
};

class Control {
 public:
  /// Throws Error::exists for a socket that somebody listens on, and Error::io for what cannot be opened.
  explicit Control(const ControlOptions& options);
  /// Takes the socket's name away.
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// What to wait for.
  void add_to(std::vector<pollfd>& waits) const;
  /// Carries out what has come.
  void serve(Commands& commands);
  /// The state, to all who want it.
  void tell(const Desk& desk);
  [[nodiscard]] bool tells() const { return state_ >= 0 || sender_ != nullptr; }

 private:
  struct Client;
  void listen(const std::string& path);
  void open_state(const std::string& path);
  void accept_clients();
  bool serve(Client& client, Commands& commands);

  std::optional<LineReader> input_;
  std::string path_;
  int listener_ = -1, state_ = -1;
  bool closes_state_ = false;
  std::deque<std::unique_ptr<Client>> clients_;
  std::string unsent_;               // of the last state
  std::vector<RuleState> told_rules_;
  bool told_any_ = false;
  std::unique_ptr<osc::Receiver> receiver_;
  std::unique_ptr<osc::Sender> sender_;
};

}  // namespace sfa::play
