// Bars over beats that are known: which beat is the first of its bar, and how many make a bar. A hidden
// Markov model whose state is the metre and the position in the bar, which moves on by one from beat to beat;
// now and then a bar is cut short or the metre changes.
// Böck, Krebs and Widmer, "Joint beat and downbeat tracking with recurrent neural networks", ISMIR 2016,
// section 2.3, on the grid of beats instead of frames.
#pragma once
#include <span>

#include "sfa/analysis/analysis.hpp"

namespace sfa::analysis {

/// Sets the position of each beat, and tells the metre that most beats are in: 3, 4, 6 or 7 beats to the bar.
/// `downbeats`: for each beat how likely it begins a bar, 0 to 1. Throws Error::invalid_argument where the
/// numbers of both differ. Positions stay 0, and the metre unknown, for less than four beats or where no beat
/// is likelier a downbeat than others.
Meter mark_bars(std::span<Beat> beats, std::span<const float> downbeats);

}  // namespace sfa::analysis
