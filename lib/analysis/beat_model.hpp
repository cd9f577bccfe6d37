// The hidden Markov model that beat.hpp speaks of, for one range of tempos.
// Krebs, Böck and Widmer, "An efficient state-space model for joint tempo and meter tracking",
// ISMIR 2015: a state is a beat length and a position inside it (equations 5 and 6), lengths change at
// beats only (equation 7), and the first sixteenth of a beat is observed as a beat.
// Between beats nothing is decided, so the Viterbi recursion goes from beat to beat: a state here is
// "a beat of this length begins at this frame", and the emissions of a whole beat are a difference of
// running sums. That is the same maximum at a hundredth of the work.
#pragma once
#include <span>
#include <vector>

#include "sfa/audio/progress.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::analysis {

struct TempoRange {
  double low_bpm, high_bpm;
};

/// Log likelihoods of an activation of 100 values a second, as running sums.
class BeatEmissions {
 public:
  explicit BeatEmissions(std::span<const float> activation);
  [[nodiscard]] Frames frames() const { return static_cast<Frames>(beat_.size()) - 1; }
  /// The part of a beat that is observed as one.
  [[nodiscard]] static Frames zone(Frames length) { return (length + 15) / 16; }
  /// Of a beat of `length` frames that begins at `begin`, as far as it lies inside.
  [[nodiscard]] double score(Frames begin, Frames length) const;

 private:
  std::vector<double> beat_, rest_;
};

struct BeatSpan {
  Frames begin, length;  // in frames of the activation; the first may begin before 0, the last end after the end
};

struct BeatPath {
  double log_likelihood = 0.0;  // for each frame
  std::vector<BeatSpan> beats;
};

/// By how much these beats explain a frame better than a model without a pulse, for which each frame is as likely in
/// any part of a beat: log likelihood, changes of tempo counted against them. Below 0 there is no pulse.
[[nodiscard]] double pulse(const BeatEmissions& emissions, std::span<const BeatSpan> beats);

/// The likeliest beats of at least one frame of activation.
[[nodiscard]] BeatPath best_path(const BeatEmissions& emissions, TempoRange range, const Progress& progress);

}  // namespace sfa::analysis
