// Where off-beat eighths lie between the beats: the place in the middle of the beat where most sets in, over all
// beats of a song.
#pragma once
#include <array>
#include <span>

#include "sfa/analysis/analysis.hpp"

namespace sfa::analysis {

class SwingMeter {
 public:
  /// What sets in between these beats: `onsets` of 100 values a second from time `begin` on.
  void add(std::span<const Beat> beats, std::span<const float> onsets, double begin);
  /// Tempo::swing, 0.42 to 0.72: 0.5 where nothing stands out between the beats.
  [[nodiscard]] double ratio() const;

 private:
  static constexpr int bins = 60;
  std::array<double, bins> profile_{};
};

}  // namespace sfa::analysis
