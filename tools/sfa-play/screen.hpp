// What a playing sfa-play shows on a terminal: place and time, tempo, volume, meters with held peaks, spectrum and
// momentary loudness, tracks, rules, and the keys. It fits 80 columns and 24 lines, or as many as there are.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "desk.hpp"

namespace sfa::play {

struct Style {
  bool colour = true;
  bool utf8 = true;
  /// As the environment has it: NO_COLOR, and LC_ALL, LC_CTYPE or LANG.
  [[nodiscard]] static Style from_environment();
};

/// What the keys have chosen.
struct Selection {
  std::size_t strip = 0, rule = 0;
  std::optional<Frames> loop_begin;   // of a loop whose end is still to come
};

class Screen {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit Screen(Style style) : style_(style) {}

  /// At most `rows` lines, each at most `columns` - 1 wide.
  [[nodiscard]] std::vector<std::string> lines(const Desk& desk, const Selection& selection, int columns, int rows, Time now);

  static constexpr std::chrono::milliseconds hold{1500};

 private:
  struct Held {
    float level = 0.0F;
    Time since{};
  };
  [[nodiscard]] float held(std::size_t channel, float level, Time now);
  Style style_;
  std::vector<Held> held_;
};

}  // namespace sfa::play
