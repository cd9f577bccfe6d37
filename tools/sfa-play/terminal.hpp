// The terminal that a player is steered by: keys one by one without echo, and some lines that
// are drawn over and over. What the terminal was like before comes back whenever the process ends or
// stops, by a signal too.
#pragma once
#include <optional>
#include <string>
#include <vector>

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

  /// The next key that was pressed, without waiting. In the background no keys are read.
  [[nodiscard]] std::optional<Key> key();
  /// What to wait for; -1 where no keys come.
  [[nodiscard]] int descriptor() const;

  /// Ctrl-Z was pressed since the last call.
  [[nodiscard]] bool stop_wanted();
  /// Puts everything back as it was and stops the process; returns when it is continued.
  void stop();

  [[nodiscard]] bool draws() const { return draws_; }
  [[nodiscard]] int columns() const;
  [[nodiscard]] int rows() const;
  /// Replaces the lines drawn before. No more than there are rows.
  void draw(const std::vector<std::string>& lines);
  /// Wipes them away.
  void wipe();

 private:
  void enter();
  void leave();
  std::optional<Key> parse();
  int file_ = -1;
  bool draws_ = false, waited_ = false, gone_ = false;
  std::string pending_;  // bytes read and not yet understood
};

}  // namespace sfa::play
