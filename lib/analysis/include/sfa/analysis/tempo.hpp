// The tempo of beats: a straight line through the beats where they are steady, which uses every beat
// and so is exact to a few thousandths where a median interval is quantised by the frames.
#pragma once
#include <span>

#include "sfa/analysis/analysis.hpp"

namespace sfa::analysis {

/// Beats a minute by least squares of time over beat number, with one slope for all runs of beats whose
/// intervals are within a tenth of the median interval, each run with an offset of its own (beats that
/// pause and begin again do not bend the slope). 0 for fewer than two beats. `beats` in order of time.
[[nodiscard]] double steady_tempo(std::span<const Beat> beats);

}  // namespace sfa::analysis
