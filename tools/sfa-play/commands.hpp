// Commands as lines of JSON, and the state as such a line:
//
//   {"type": "update_rule", "rule_id": "roll", "probability": 0.7, "request_id": 7}
//   {"request_id": 7, "error": "success"}
//
// after the manner of mpv's IPC. The same commands come as OSC: /sfa/update_rule "roll" 0.7.
#pragma once
#include <string>
#include <string_view>

#include "desk.hpp"
#include "sfa/osc/message.hpp"

namespace sfa::play {

class Commands {
 public:
  explicit Commands(Desk& desk) : desk_(desk) {}

  /// The reply, a line. What is wrong with the command stands in its "error"; nothing is thrown.
  [[nodiscard]] std::string carry_out(std::string_view line);
  /// The same of a message: an error, or nothing.
  [[nodiscard]] std::string carry_out(const osc::Message& message);

  [[nodiscard]] bool quit() const { return quit_; }

 private:
  Desk& desk_;
  bool quit_ = false;
};

/// A line, with its rules if `whole`.
[[nodiscard]] std::string state_line(const Desk& desk, bool whole);
/// What the state is as messages: /sfa/state/time and so on.
[[nodiscard]] std::vector<osc::Message> state_messages(const Desk& desk);
/// A reply to a line that was none.
[[nodiscard]] std::string refusal(const std::string& why);

}  // namespace sfa::play
