// The tempo that somebody taps: the slope of the line of least squares through the last eight taps, so that one that
// comes early or late hardly matters.
#pragma once
#include <deque>
#include <optional>

#include "sfa/audio/units.hpp"

namespace sfa::engine {

class TapTempo {
 public:
  static constexpr std::size_t most_taps = 8;
  /// Who waits longer begins anew: slower than 24 beats a minute is no tapping.
  static constexpr Seconds longest_pause{2.5};

  /// Times must ascend. Beats a minute from the second tap on.
  std::optional<double> tap(Seconds time);

 private:
  std::deque<double> times_;
};

}  // namespace sfa::engine
