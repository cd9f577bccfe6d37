// How much like a beat each moment is: onset strength of the low bands and of the others, each on its
// own scale, relative to the loudest of its surroundings, so that a quiet verse counts as much as a
// loud chorus. What the beats of beat.hpp are found in.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/onset_strength.hpp"

namespace sfa::analysis {

/// Gathers the flux of audio that is not in memory as a whole; 8 bytes for each frame.
class BeatActivation {
 public:
  explicit BeatActivation(int bands);
  /// The next frame of a band spectrogram.
  void add(std::span<const float> bands);
  /// Forgets the first `count` frames.
  void drop(Frames count);
  /// One value for each frame that is not forgotten, 0 to 1; all 0 where nothing sets in.
  [[nodiscard]] std::vector<float> values() const;

 private:
  BandFlux flux_;
  std::size_t split_;
  std::vector<float> low_, high_;
};

[[nodiscard]] std::vector<float> beat_activation(const BandSpectrogram& bands);

}  // namespace sfa::analysis
