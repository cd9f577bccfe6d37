// The level of a stem as it goes by: sample peak, and integrated loudness by libebur128.
// ITU-R BS.1770-4 (2015), annex 1: K-weighting, blocks of 400 ms, gates at -70 LUFS and -10 LU.
#pragma once
#include <memory>

#include "sfa/audio/buffer.hpp"

namespace sfa::separation {

class StemMeter {
 public:
  /// 1 to 64 channels, in WAV's order where there are more than two.
  StemMeter(SampleRate rate, int channels);
  ~StemMeter();
  StemMeter(StemMeter&&) noexcept;
  StemMeter& operator=(StemMeter&&) noexcept;

  /// The next frames, of the shape that the constructor was told. Throws Error::invalid_argument.
  void add(const AudioView& audio);

  [[nodiscard]] double peak_db() const;        // dBFS, -infinity for silence
  [[nodiscard]] double loudness_lufs() const;  // -infinity for silence, and below 400 ms

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::separation
