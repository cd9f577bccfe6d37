// A small network that hears beats and downbeats: convolutions over bands and their rise, at half the frame
// rate, then a stack of dilated convolutions over time, each adding to what the ones before it found.
// Davies and Böck, "Temporal convolutional networks for musical audio beat tracking", EUSIPCO 2019. Trained by
// scripts/train-beats; models/beats.md says on what, and how well it does.
#pragma once
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

/// Probabilities for each frame of 100 a second.
struct BeatProbabilities {
  std::vector<float> beat, downbeat;
};

class BeatNetwork {
 public:
  static constexpr int inputs = 80;        // bands it takes of each frame
  static constexpr Frames reach = 4100;    // frames to either side that a probability depends on

  /// The one that is compiled in.
  static const BeatNetwork& trained();
  /// What a frame of a BandSpectrogram (at least 140 bands) becomes: the lowest bands, then means of pairs.
  static void reduce(std::span<const float> bands, std::span<float> out);

  /// `features`: frames x inputs. What lies outside is taken as silence.
  [[nodiscard]] BeatProbabilities operator()(std::span<const float> features) const;

  BeatNetwork(const BeatNetwork&) = delete;
  BeatNetwork& operator=(const BeatNetwork&) = delete;

 private:
  struct Layers;
  BeatNetwork();
  ~BeatNetwork();
  const Layers* layers_;
};

}  // namespace sfa::analysis
