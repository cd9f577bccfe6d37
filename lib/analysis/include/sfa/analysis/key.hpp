// The key of a song and of its parts: that of the 24 whose profiles fit best what pitches sound.
//
// A profile tells how much each pitch sounds in music of a key (Krumhansl, "Cognitive foundations of musical
// pitch", Oxford 1990, chapter 4). These are the ones that Faraldo and others measured in electronic music
// ("Key estimation in electronic dance music", ECIR 2016: Essentia's "braw"), moved a little by logistic
// regression towards those that tell the keys of generated songs best apart, with a smaller one for the bass;
// scripts/train-tonality makes them.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/beat_features.hpp"
#include "sfa/analysis/chroma.hpp"

namespace sfa::analysis {

struct Keys {
  Key key;                         // of the whole
  std::optional<Key> runner_up{};  // the second best for the same music, where there is a key
  std::vector<KeySpan> spans{};    // without gaps over all features; empty where there is no key
};

/// No key ("none", tonic -1) for what is not made of tuned pitches: silence, noise, drums; nor for a
/// note alone. A key's confidence is the probability that the regression gives it, less where all pitches sound
/// almost alike.
///
/// With features, the parts in one key each are found by Viterbi's algorithm. A step or two up, as last choruses
/// take it, is believed sooner than other changes; any must last to be. The key of the whole is the one heard
/// longest.
[[nodiscard]] Keys find_keys(const Chroma& whole, std::span<const BeatFeatures> features = {});

/// That of the whole alone.
[[nodiscard]] Key find_key(const Chroma& chroma);

/// "C# minor". Tonic 0 to 11.
[[nodiscard]] std::string key_name(int tonic, bool minor);

/// The key's place on the Camelot wheel: "8B" is C major, "8A" A minor; a fifth up is the next number.
[[nodiscard]] std::string camelot(int tonic, bool minor);

/// The same as Open Key names it: "1d" is C major, "1m" A minor.
[[nodiscard]] std::string open_key(int tonic, bool minor);

}  // namespace sfa::analysis
