// Loudness as broadcasters measure it, by libebur128: integrated (ITU-R BS.1770-4, gated), range (EBU Tech
// 3342) and true peak (BS.1770-4 annex 2).
#pragma once
#include <memory>

#include "sfa/analysis/analysis.hpp"
#include "sfa/audio/buffer.hpp"

namespace sfa::analysis {

/// For audio that is not in memory as a whole. Channels stand for what they usually do in sound files: 1 mono
/// (one loudspeaker: 3 dB less than the same on two), 2 stereo, 4 quadraphonic, 5 and 6 L R C (LFE) Ls Rs; the
/// LFE and channels from the seventh on count for the true peak alone.
class LoudnessMeter {
 public:
  /// 1 to 64 channels. Throws Error::unsupported for what libebur128 refuses.
  LoudnessMeter(SampleRate rate, int channels);
  ~LoudnessMeter();
  LoudnessMeter(LoudnessMeter&&) noexcept;
  LoudnessMeter& operator=(LoudnessMeter&&) noexcept;

  /// Of the same channels and rate; finite samples.
  void add(const AudioView& audio);

  /// Of all so far. Integrated loudness is -infinity below 0.4 s and where all is below -70 LUFS; the
  /// range is 0 below 3 s.
  [[nodiscard]] Loudness loudness() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Audio without channels is silent.
[[nodiscard]] Loudness loudness(const AudioView& audio);

}  // namespace sfa::analysis
