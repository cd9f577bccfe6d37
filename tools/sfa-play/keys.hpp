// What the keys mean.
#pragma once
#include <vector>

#include "sfa/engine/command.hpp"
#include "status_line.hpp"
#include "terminal.hpp"

namespace sfa::play {

/// Turns keys into commands for the engine, and keeps in `status` what they have set.
class Keys {
 public:
  Keys(Status& status, SampleRate rate, bool can_go_back) : status_(status), rate_(rate), can_go_back_(can_go_back) {}

  /// The commands that a key stands for; none for one that means nothing.
  [[nodiscard]] std::vector<engine::Action> press(const Key& key);
  [[nodiscard]] bool quit() const { return quit_; }

 private:
  std::vector<engine::Action> press(char character);
  std::vector<engine::Action> jump(double seconds) const;
  std::vector<engine::Action> toggle(std::size_t track, bool solo);
  std::vector<engine::Action> clear();
  [[nodiscard]] engine::Action gain() const;

  Status& status_;
  SampleRate rate_;
  bool can_go_back_;
  bool solo_next_ = false;  // s was pressed: a digit solos
  bool quit_ = false;
};

}  // namespace sfa::play
