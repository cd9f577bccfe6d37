// How sure a tempo is, and what else a listener may tap, from how well each range of tempos explains a song.
#pragma once
#include <span>

#include "beat_path.hpp"

namespace sfa::analysis {

/// Gathers windows; a longer one counts for more.
class TempoChoice {
 public:
  void add(const WindowBeats& window, Frames frames);
  /// Sets `confidence` and `alternatives` of a tempo whose `bpm` is known.
  void tell(Tempo& tempo) const;

 private:
  std::vector<RangeScore> ranges_;  // sums over frames, but for the tempo, which is the last window's
  double heard_ = 0.0, frames_ = 0.0;
};

}  // namespace sfa::analysis
