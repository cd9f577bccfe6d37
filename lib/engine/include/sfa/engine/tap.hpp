// What the engine gives out, for those who look at it rather than hear it: handed over piece by piece through a ring,
// and measured in their own time. If they are slow they miss some, and nothing else suffers.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/loudness.hpp"
#include "sfa/engine/block.hpp"
#include "sfa/engine/spsc_ring.hpp"

namespace sfa::engine {

/// One piece of the master's first two channels; one channel is there twice.
struct TapPiece {
  Frames frame = 0;                 // given out before it
  std::array<std::array<float, piece_frames>, 2> samples{};
};

using Tap = SpscRing<TapPiece>;

/// Momentary loudness and a spectrum for the screen. Used by one thread that is not the engine's.
class Scope {
 public:
  static constexpr float floor_db = -120.0F;

  /// `bands` >= 1 of equal width in octaves from 30 Hz to 18 kHz, or half the rate if that is less.
  Scope(SampleRate rate, int bands);

  /// Takes all that lies in the tap. False if there was nothing.
  bool read(Tap& tap);

  /// Of the last 400 ms; -infinity for silence.
  [[nodiscard]] double momentary_lufs() const { return loudness_.momentary_now_lufs(); }
  /// The level of each band in dBFS, where a sine of full scale has 0: the highest of its bins, under a Hann window of
  /// about 85 ms. Not under floor_db.
  [[nodiscard]] std::span<const float> spectrum_db();
  /// Where a band begins.
  [[nodiscard]] double band_hz(int band) const;

 private:
  SampleRate rate_;
  int bands_;
  double highest_hz_;
  dsp::LoudnessMeter loudness_;
  dsp::Fft fft_;
  std::vector<float> window_;
  std::vector<float> recent_;       // both channels' mean, a ring
  std::size_t at_ = 0;
  std::vector<float> levels_;
};

}  // namespace sfa::engine
