// Loops: a short file that is a whole number of beats long tells its tempo by its length.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "sfa/analysis/beat.hpp"

namespace sfa::analysis {

/// An even grid over the whole file: beat k lies at first + k * 60 / bpm.
struct LoopGrid {
  double bpm = 0.0;
  double first = 0.0;  // seconds, near 0, less than half a beat before or after it
  int beats = 0;
};

/// The likeliest number of beats of a file of `duration` seconds, 2 to 64. `activation` and `onsets` have 100 values
/// a second; the activation is that of the file played round and round. Nothing where the beats do not lie as evenly
/// as the file's length asks for, or fewer than half of them are heard.
[[nodiscard]] std::optional<LoopGrid> find_loop(std::span<const float> activation, std::span<const float> onsets,
                                                double duration, const BeatOptions& options);

}  // namespace sfa::analysis
