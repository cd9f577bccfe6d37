// Onset times: the peaks of the onset strength.
// Böck, Krebs and Schedl, "Evaluating the online capabilities of onset detection methods", ISMIR 2012,
// section 2.4 (peak picking), with the values of Böck and Widmer, DAFx 2013, section 3.3.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/onset_strength.hpp"
#include "sfa/audio/buffer.hpp"

namespace sfa::analysis {

struct Onset {
  double time = 0.0;      // seconds, a hundredth of a second apart; early by up to 9 ms rather than late
  float strength = 0.0F;  // of the peak, > 0
};

struct OnsetOptions {
  double sensitivity = 0.5;         // 0 (the strongest only) to 1 (the faintest too)
  double minimum_distance = 0.03;   // seconds between onsets, >= 0
};

/// The peaks of `strength` (100 values a second), in order of time. Throws Error::invalid_argument
/// outside the ranges of `options`.
[[nodiscard]] std::vector<Onset> onsets(std::span<const float> strength, const OnsetOptions& options = {});

/// Of the mean of all channels, of a sound that begins and ends here: it may set in at 0, but not at its end.
[[nodiscard]] std::vector<Onset> onsets(const AudioView& audio, const OnsetOptions& options = {});

}  // namespace sfa::analysis
