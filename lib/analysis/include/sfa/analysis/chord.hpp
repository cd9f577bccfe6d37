// Major and minor chords from beat to beat.
//
// A hidden Markov model over the 24 chords and "no chord" (Sheh and Ellis, "Chord segmentation and recognition
// using EM-trained hidden Markov models", ISMIR 2003), whose states are told by templates for the treble and for
// the bass, fitted by logistic regression to generated songs and to drums alone. An earlier form of
// scripts/train-tonality made them: chord_templates.inc.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/beat_features.hpp"

namespace sfa::analysis {

/// The chords without gaps from the first of the features to the last, equal neighbours in one; none for none.
/// Sevenths, ninths and the like count as the triad they stand on; noise, drums and silence are "N". A chord's
/// confidence is the mean of its beats' probabilities, given all beats.
[[nodiscard]] std::vector<Chord> find_chords(std::span<const BeatFeatures> features);

/// "C", "F#m".
[[nodiscard]] std::string chord_name(int root, bool minor);

}  // namespace sfa::analysis
