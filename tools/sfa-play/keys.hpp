// What the keys mean.
#pragma once
#include "desk.hpp"
#include "screen.hpp"
#include "terminal.hpp"

namespace sfa::play {

class Keys {
 public:
  explicit Keys(Desk& desk) : desk_(desk) {}

  /// Throws what the desk throws; a key that means nothing does nothing.
  void press(const Key& key);
  [[nodiscard]] bool quit() const { return quit_; }
  /// What there is now: rules may have become fewer.
  [[nodiscard]] const Selection& selection();

 private:
  void press(char character);
  void toggle(std::size_t strip, bool solo);
  void change_volume(double db);
  void change_chance(double by);
  void change_tempo(double by);
  void mark_loop(bool end);

  Desk& desk_;
  Selection selection_;
  bool solo_next_ = false;  // s was pressed: a digit solos
  bool quit_ = false;
};

}  // namespace sfa::play
