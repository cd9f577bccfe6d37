// Positions as musicians count them: bars, beats, sixteenths, each from 1.
#pragma once
#include <string>
#include <string_view>

#include "sfa/engine/tempo_map.hpp"
#include "sfa/rules/meter.hpp"

namespace sfa::engine {

struct BarPosition {
  std::int64_t bar = 1;
  int beat = 1;         // of the meter's denominator
  int sixteenth = 1;    // of the beat
  friend bool operator==(const BarPosition&, const BarPosition&) = default;
};

/// "3:1:4".
[[nodiscard]] std::string to_text(const BarPosition& position);
/// "3", "3:1", "3:1:4"; what is left out is 1. Throws Error::invalid_argument for anything else, and for bars above
/// a million.
[[nodiscard]] BarPosition parse_bar_position(std::string_view text);

/// One tempo, one meter, from frame 0 on.
class BarClock {
 public:
  BarClock(Tempo tempo, rules::Meter meter, SampleRate rate) : map_(tempo, rate), meter_(meter) {}

  /// Where a frame >= 0 lies.
  [[nodiscard]] BarPosition at(Frames frame) const;
  /// Where a position begins. Throws Error::invalid_argument for a beat or sixteenth that the bar has not.
  [[nodiscard]] Frames frame(const BarPosition& position) const;
  /// The nearest begin of a bar.
  [[nodiscard]] Frames nearest_bar(Frames frame) const;

 private:
  [[nodiscard]] Ticks beat_ticks() const { return ticks_per_beat * 4 / meter_.denominator; }
  [[nodiscard]] Ticks bar_ticks() const { return beat_ticks() * meter_.numerator; }
  TempoMap map_;
  rules::Meter meter_;
};

}  // namespace sfa::engine
