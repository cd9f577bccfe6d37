// The tempo of beats that are known: a straight line through the beats where they are steady, which uses every
// beat and so is exact to a few thousandths where a median interval is quantised by the frames; and where they
// are not, as few lines as it takes.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"

namespace sfa::analysis {

/// Beats a minute by least squares of time over beat number, with one slope for all runs of beats whose
/// intervals are within a tenth of the median interval, each run with an offset of its own (beats that
/// pause and begin again do not bend the slope). 0 for fewer than two beats. `beats` in order of time.
[[nodiscard]] double steady_tempo(std::span<const Beat> beats);

/// Lines through all beats, each beginning at the beat where the one before it ends, so that they span every
/// interval: the fewest for which the beats lie near them, by penalised least squares (segmented regression,
/// Bellman and Roth 1969). Music made to a click has one. An interval that is no beat long, such as a pause,
/// ends a run, and none spans it. Empty for fewer than two beats. `beats` in order of time.
[[nodiscard]] std::vector<GridSegment> fit_grid(std::span<const Beat> beats);

/// Whether one line fits all beats, pauses included, and there are at least eight.
[[nodiscard]] bool is_steady(std::span<const Beat> beats);

/// By how much the tempo at the end is above that at the begin, in percent, by a least-squares line through the
/// lengths of the beats that are within a fifth of their median. 0 for fewer than four such.
[[nodiscard]] double tempo_drift_percent(std::span<const Beat> beats);

}  // namespace sfa::analysis
