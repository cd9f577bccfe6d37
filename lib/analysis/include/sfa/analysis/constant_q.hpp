// The constant-Q transform: every bin's window holds as many cycles as any other's. One octave of kernels in the
// frequency domain serves all octaves: each lower one is taken of the signal at half the rate.
// Schörkhuber and Klapuri, "Constant-Q transform toolbox for music processing", SMC 2010; kernels, scales and
// what is left out of them (a hundredth of their magnitude) are librosa 0.11's.
#pragma once
#include <functional>
#include <memory>
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

struct ConstantQOptions {
  int hop_frames = 512;         // a multiple of 64
  int bins_per_octave = 36;
  double tuning_bins = 0.0;     // of A4 against 440 Hz
};

/// Of audio that is not in memory as a whole. Bins begin at C1 (32.7 Hz) and cover seven octaves, or at rates below
/// 10.5 kHz as many as end below 0.4 of the rate. Keeps about three seconds.
class ConstantQ {
 public:
  using Sink = std::function<void(std::span<const float> magnitudes)>;

  /// Throws Error::invalid_argument outside the ranges above, and for rates below 200 Hz.
  ConstantQ(SampleRate rate, const ConstantQOptions& options);
  ~ConstantQ();
  ConstantQ(ConstantQ&&) noexcept;
  ConstantQ& operator=(ConstantQ&&) noexcept;

  [[nodiscard]] int bins() const;
  /// Takes the next samples and calls `sink` for each frame that they complete: frame i is centred on sample
  /// i * hop. The blocks' sizes do not change the result.
  void add(std::span<const float> mono, const Sink& sink);
  /// The frames that reach beyond the end: 1 + length / hop in all, none for no samples.
  void finish(const Sink& sink);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The sum of a constant-Q spectrum's bins for each of the 12 pitch classes, C first: each takes those nearest to it.
void fold_to_chroma(std::span<const float> magnitudes, int bins_per_octave, std::span<float> chroma);

}  // namespace sfa::analysis
