// The bars of a song as runs of its beat features: what sections, cues and loops are counted in.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/beat_features.hpp"

namespace sfa::analysis {

struct Bar {
  std::size_t begin = 0, end = 0;              // features that lie in it, half-open, at least one
  double time = 0.0, duration = 0.0;           // seconds
  bool known = false;                          // begins with a downbeat; else a block of up to four intervals
  int number = 0;                              // how many known bars lie before it
  float low_db = -120.0F, power_db = -120.0F;  // as BeatFeatures: means of power
  float onsets = 0.0F, low_onsets = 0.0F;
  double confidence = 0.0;                     // of the beat that it begins with; 0 where that is not known
};

/// From each beat that is the first of its bar to the next, at most 8 intervals long. Where positions are
/// not known, or there are no beats, blocks of four intervals stand in (2 s where there are no beats).
/// `features` as BeatFeatureCollector gives them, `beats` what they count.
[[nodiscard]] std::vector<Bar> find_bars(std::span<const BeatFeatures> features, std::span<const Beat> beats);

}  // namespace sfa::analysis
