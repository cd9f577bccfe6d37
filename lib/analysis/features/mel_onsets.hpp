// Onset strength as the mean rise of the mel bands' levels from frame to frame. McFee and Ellis, "Better beat
// tracking through robust onset aggregation", ICASSP 2014; what librosa's onset_strength does by default.
#pragma once
#include <algorithm>
#include <deque>
#include <span>
#include <vector>

namespace sfa::analysis {

class MelOnsets {
 public:
  /// A rise is told of as many frames later as it takes from the begin of a window to its middle.
  MelOnsets(int size_frames, int hop_frames) : rises_(static_cast<std::size_t>(size_frames / (2 * hop_frames)), 0.0F) {}

  /// Of the next frame's levels in dB.
  [[nodiscard]] float next(std::span<const float> levels_db) {
    double rise = 0.0;
    for (std::size_t band = 0; band < before_.size(); ++band)
      rise += double{std::max(0.0F, levels_db[band] - before_[band])};
    before_.assign(levels_db.begin(), levels_db.end());
    rises_.push_back(static_cast<float>(rise / static_cast<double>(levels_db.size())));
    const float told = rises_.front();
    rises_.pop_front();
    return told;
  }

 private:
  std::deque<float> rises_;
  std::vector<float> before_;
};

}  // namespace sfa::analysis
