// The level of a mix: measured block by block, then one gain that brings it to its goal.
// ITU-R BS.1770-4 (loudness, true peak) by libebur128.
#pragma once
#include <memory>

#include "sfa/audio/buffer.hpp"
#include "sfa/mix/session.hpp"

namespace sfa::mix {

struct Level {
  double integrated_lufs = 0.0;  // -infinity for silence and for less than 0.4 s
  double true_peak_db = 0.0;     // dBTP, highest of all channels; -infinity for silence
};

class LevelMeter {
 public:
  /// Throws Error::unsupported for what BS.1770 cannot measure: more than 64 channels.
  LevelMeter(int channels, SampleRate rate);
  ~LevelMeter();
  void add(const AudioView& block);
  [[nodiscard]] Level level() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
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
