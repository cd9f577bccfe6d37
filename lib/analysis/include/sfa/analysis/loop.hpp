// Stretches of whole bars whose end leads back to their begin: what may be looped.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/bars.hpp"

namespace sfa::analysis {

struct LoopSearch {
  std::vector<int> bars{1, 2, 4, 8};  // lengths looked for, >= 1
  int most_of_each = 4;               // loops of one length, >= 0
  std::string stem{};                 // what the features are of; empty for the mix
  double clean = 1.0;                 // 0 to 1: how clean that stem is (StemQuality::quality)
};

/// The best loops, best first. Begin and end are downbeats, to the sample nearest to the beat's time; loops of
/// one length do not overlap. None where no bars are known or nothing sounds. `features` and `bars` as
/// for find_sections; `rate` of the source, whose frames a loop's range counts.
///
/// Seamlessness: the beats that follow the end are compared one by one with those that follow the begin, and
/// those before the end with those before the begin, four of each: where they are the same, the jump back goes
/// unnoticed. Two beats are alike as the cosine of their pitches, exp(-d / 0.15) of the distance d of their
/// bands and exp(-d / 6) of that of their powers in dB: 0.4, 0.4 and 0.2 of the sum. What follows counts 0.6,
/// what goes before 0.4, and what does not exist has no say.
///
/// Score: seamlessness x evenness x level x clean. Evenness is 1 for bars of equal power and falls to 0.75
/// where they vary much; level likewise falls for what lies 10 dB and more below the song's usual power.
[[nodiscard]] std::vector<Loop> find_loops(std::span<const BeatFeatures> features, std::span<const Bar> bars,
                                           SampleRate rate, const LoopSearch& search = {});

/// How alike two beats sound in absolute terms, 0 to 1, as told above.
[[nodiscard]] double beat_similarity(const BeatFeatures& a, const BeatFeatures& b);

}  // namespace sfa::analysis
