// The beats of one window: what beat.hpp tells, for as much audio as is looked at at once.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/beat.hpp"

namespace sfa::analysis {

/// A range of tempos that was looked at.
struct RangeScore {
  double bpm = 0.0;    // the best tempo in it
  double score = 0.0;  // log likelihood for each frame, and prior
};

struct WindowBeats {
  std::vector<Beat> beats;         // times from the window's begin
  std::vector<RangeScore> ranges;  // always as many, in the same order, for the same options; empty for no beats
  double heard = 0.0;              // what the network hears at the beats, on average: 0 to 1
};

/// Of activations of 100 values a second, 0 to 1: `activation` is what the model observes, `onsets` what sets in,
/// `heard` what the network hears.
/// A tempo near `expected_bpm` is preferred where that is not 0: the tempo of the window before.
[[nodiscard]] WindowBeats find_beats(std::span<const float> activation, std::span<const float> onsets,
                                     std::span<const float> heard, const BeatOptions& options, double expected_bpm,
                                     const Progress& progress);

}  // namespace sfa::analysis
