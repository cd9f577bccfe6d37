// The level of a mix, as dsp::LoudnessMeter measures it, and the one gain that brings it to its goal.
#pragma once
#include "sfa/mix/session.hpp"

namespace sfa::mix {

struct Level {
  double integrated_lufs = 0.0;  // -infinity for silence and for less than 0.4 s
  double true_peak_db = 0.0;     // dBTP, highest of all channels; -infinity for silence
};

/// What decided a gain.
enum class Binding {
  nothing,  // no goal, the ceiling is far, or silence: no gain
  target,   // the target loudness is reached
  ceiling,  // the ceiling stopped it short of the target, or turned it down
};

struct Correction {
  double gain_db = 0.0;
  Binding binding = Binding::nothing;
};

/// The gain that brings `level` to the target, or as near as the ceiling lets it; with a ceiling
/// alone, no more than to turn down what is above it. Nothing is limited: peaks keep their shape.
[[nodiscard]] Correction correction(const Level& level, const Goal& goal);

}  // namespace sfa::mix
