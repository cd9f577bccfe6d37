// Beats and tempo by a hidden Markov model of the bar pointer: hidden are the position inside the
// beat, which moves on by one frame at a time, and its length, which changes from beat to beat only.
// Krebs, Böck and Widmer, "An efficient state-space model for joint tempo and meter tracking",
// ISMIR 2015. The model runs over five overlapping ranges of tempo, and the range is chosen that
// explains the activation best, weighed by how usual its tempo is.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/audio/progress.hpp"

namespace sfa::analysis {

struct BeatTrack {
  Tempo tempo;
  std::vector<Beat> beats;
};

/// Of an activation of 100 values a second, 0 to 1 (see beat_activation.hpp). Tempos from 50 to 222
/// beats a minute (27 values from beat to beat) are found; nothing (0 and no beats) where there are
/// less than three beats or what sets in does not stand out, as in noise.
///
/// A beat's confidence is how strong its onset is among those of its surroundings. The tempo's
/// confidence is how much better the chosen tempo explains the activation than the worst range does:
/// near 0 for onsets at random, 1 for music with a clear metre. It does not speak of the octave: half
/// or double the tempo may be what a listener taps.
[[nodiscard]] BeatTrack track_beats(std::span<const float> activation, const Progress& progress = {});

}  // namespace sfa::analysis
