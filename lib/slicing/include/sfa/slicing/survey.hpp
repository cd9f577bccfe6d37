// What is known of a whole sound before it is cut, from one pass over it (a second one where its channels
// cancel out or are beyond all sense). Keeps 5 bytes for each millisecond.
#pragma once
#include <vector>

#include "sfa/analysis/onset.hpp"
#include "sfa/audio/progress.hpp"
#include "sfa/slicing/bank.hpp"
#include "sfa/slicing/sound.hpp"

namespace sfa::slicing {

/// How onsets are found.
enum class OnsetMethod {
  superflux,  // analysis::onsets
  aubio,      // AubioOnsets, where libaubio is installed
};

struct SurveyOptions {
  OnsetMethod method = OnsetMethod::superflux;
  double sensitivity = 0.4;  // 0 (the strongest onsets only) to 1 (the faintest too)
  bool grid = true;          // find tempo and beats
};

struct Survey {
  FrameRange range;                       // what exists of the range asked for
  OneChannel channel;                     // that stands for all
  std::vector<analysis::Onset> onsets;    // times count from the range's begin
  Frames level_frames = 1;                // frames for each of `levels`, 5 ms
  std::vector<float> levels;              // highest samples of all channels
  Grid grid;                              // times count from the sound's begin
};

/// Of the frames of `range`. Throws Error::invalid_argument for a sensitivity outside its range,
/// Error::unsupported where the method is not there.
[[nodiscard]] Survey survey(const Sound& sound, FrameRange range, const SurveyOptions& options,
                            const Progress& progress = {});

}  // namespace sfa::slicing
