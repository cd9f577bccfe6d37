// Tempo and beats of a sound that comes without an analysis.
#pragma once
#include "sfa/audio/buffer.hpp"
#include "sfa/audio/progress.hpp"
#include "sfa/slicing/bank.hpp"

namespace sfa::slicing {

/// As analysis::track_beats finds them in the frames of `range` of `audio`; times count from the begin of
/// `audio`. A grid without beats where there are none.
[[nodiscard]] Grid find_grid(const AudioView& audio, FrameRange range, const Progress& progress = {});

}  // namespace sfa::slicing
