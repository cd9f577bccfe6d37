// The terminal that a player is steered by: keys one by one without echo, and one line that is
// drawn over and over. What the terminal was like before comes back whenever the process ends or
// stops, by a signal too.
#pragma once
#include <optional>
#include <string>

namespace sfa::play {

struct Key {
  enum class Kind { character, left, right, up, down, home };
  Kind kind = Kind::character;
  char character = '\0';
};

class Terminal {
 public:
  /// Takes keys from standard input if it is a terminal, or, with `input_is_taken` (sound or a
  /// document comes down it), from /dev/tty; from nowhere if there is none. Draws on standard
  /// error if `may_draw` and that is a terminal which can (TERM is not dumb).
  Terminal(bool input_is_taken, bool may_draw);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Waits up to `milliseconds`. In the background no keys are read.
  [[nodiscard]] std::optional<Key> key(int milliseconds);

  /// Ctrl-Z was pressed since the last call.
  [[nodiscard]] bool stop_wanted();
  /// Puts everything back as it was and stops the process; returns when it is continued.
  void stop();

  [[nodiscard]] bool draws() const { return draws_; }
  [[nodiscard]] int columns() const;
  /// Replaces the drawn line.
  void draw(const std::string& line);
  /// Wipes it away.
  void wipe();

 private:
  void enter();
  void leave();
  std::optional<Key> parse();
  int file_ = -1;
  bool draws_ = false;
  std::string pending_;  // bytes read and not yet understood
};

}  // namespace sfa::play
