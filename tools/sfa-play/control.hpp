// The ways by which others steer the playing and see how it goes: lines on standard input and on a Unix socket, OSC,
// a stream of states. The playing waits for nobody, and no thread is started: who does not read his replies is not
// listened to until he does, and who reads states slowly has fewer of them, each whole.
#pragma once
#include <poll.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "lines.hpp"
#include "sfa/osc/socket.hpp"

namespace sfa::play {

struct ControlOptions {
  bool standard_input = false;       // commands come there, replies go to standard output
  std::string socket;                // path; empty: none
  std::string state;                 // file, "-" for standard output; empty: none
  std::optional<int> osc_port;
  bool osc_from_anywhere = false;    // not from this machine alone
  std::string osc_to;                // HOST:PORT; empty: nowhere
  /// The first that was given; empty if none was.
  [[nodiscard]] std::string option() const {
    if (!socket.empty()) return "--control";
    if (!state.empty()) return "--state";
    if (osc_port) return "--osc";
    return osc_to.empty() ? "" : "--osc-to";
  }
};

/// Somebody who gives commands, line by line. While a reply has not gone out no more of them are read.
class Peer {
 public:
  Peer(int input, LineWriter& replies) : input_(input), reader_(input), replies_(replies) {}
  /// False at the end.
  bool serve(Commands& commands);
  [[nodiscard]] pollfd wait() const;

 private:
  int input_;
  LineReader reader_;
  LineWriter& replies_;
  bool owed_ = false;
};

class Control {
 public:
  /// Throws Error::exists for a socket that somebody listens on, and Error::io for what cannot be opened.
  explicit Control(const ControlOptions& options);
  /// Gives half a second to what is still on its way, and takes the socket's name away.
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// What to wait for.
  void add_to(std::vector<pollfd>& waits) const;
  /// Carries out what has come.
  void serve(Commands& commands);
  /// The state, to all who want it.
  void tell(const Desk& desk);

 private:
  struct Client;
  void listen(const std::string& path);
  void open_state(const std::string& path);
  void accept_clients();

  LineWriter output_;                // replies and, with --state -, states
  std::optional<Peer> input_;
  std::string path_;
  int listener_ = -1, state_file_ = -1;
  std::deque<std::unique_ptr<Client>> clients_;
  std::optional<LineWriter> states_;  // to state_file_
  LineWriter* state_ = nullptr;       // where states go, if anywhere
  std::vector<RuleState> told_rules_;
  bool told_any_ = false;
  std::unique_ptr<osc::Receiver> receiver_;
  std::unique_ptr<osc::Sender> sender_;
};

}  // namespace sfa::play
