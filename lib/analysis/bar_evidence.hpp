// What speaks for a beat to begin a bar: what the network hears, and how much harmony and timbre change there.
// Chords and bass notes change where bars begin more often than elsewhere.
// Papadopoulos and Peeters, "Joint estimation of chords and downbeats from an audio signal", IEEE TASLP 2011.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"

namespace sfa::analysis {

struct BarEvidence {
  float heard = 0.0F;                // probability of a downbeat
  std::array<float, 3> changes{};    // 0 to 2: of the middle, the bass, and the whole of the spectrum
};

/// For each beat (times from the first frame on), of `features`: frames x BeatNetwork::inputs, and the network's
/// probabilities of downbeats, of as many frames.
[[nodiscard]] std::vector<BarEvidence> bar_evidence(std::span<const Beat> beats, std::span<const float> features,
                                                    std::span<const float> downbeats);

/// One probability for each beat. How far a change stands out among those of the whole song is what counts.
[[nodiscard]] std::vector<float> downbeat_likelihoods(std::span<const BarEvidence> evidence);

}  // namespace sfa::analysis
