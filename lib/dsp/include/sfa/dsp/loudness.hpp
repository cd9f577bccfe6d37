// Loudness and peaks as broadcasters measure them, by libebur128: integrated loudness (ITU-R BS.1770-4, annex
// 1: K-weighting, blocks of 400 ms, gates at -70 LUFS and -10 LU), loudness range (EBU Tech 3342), true peak
// (BS.1770-4, annex 2), and momentary and short-term loudness (EBU Tech 3341, section 2.2: of sliding windows of
// 0.4 s and of 3 s, not gated).
#pragma once
#include <memory>
#include <span>

#include "sfa/audio/buffer.hpp"

namespace sfa::dsp {

/// For audio that goes by block after block. Channels stand for what they usually do in sound files: 1 mono
/// (one loudspeaker: 3 dB less than the same on two), 2 stereo, 4 quadraphonic, 5 and 6 L R C (LFE) Ls Rs; the
/// LFE and channels from the seventh on count for the peaks alone.
class LoudnessMeter {
 public:
  /// What is measured besides the integrated loudness. Each costs time, the true peak most.
  struct Measures {
    bool range = false;
    bool sample_peak = false;
    bool true_peak = false;
    bool maxima = false;  // of the momentary and the short-term loudness
    bool curves = false;  // both over time, 80 bytes for each second, and their maxima
  };

  /// Seconds between values of the curves.
  static constexpr double curve_step = 0.1;

  /// 1 to 64 channels. Throws Error::unsupported for what libebur128 refuses.
  LoudnessMeter(SampleRate rate, int channels, Measures measures);
  ~LoudnessMeter();
  LoudnessMeter(LoudnessMeter&&) noexcept;
  LoudnessMeter& operator=(LoudnessMeter&&) noexcept;

  /// The next frames, finite. Throws Error::invalid_argument if they are not of the meter's rate and channels.
  void add(const AudioView& audio);

  /// Of the last 400 ms, ungated (EBU Tech 3341, section 2.2); -infinity for silence.
  [[nodiscard]] double momentary_now_lufs() const;

  // Of all so far. What the meter was not asked to measure throws Error::invalid_argument.

  /// -infinity for less than 0.4 s, and where all is below -70 LUFS.
  [[nodiscard]] double integrated_lufs() const;
  /// 0 for less than 3 s.
  [[nodiscard]] double range_lu() const;
  /// dBFS, highest of all channels; -infinity for silence.
  [[nodiscard]] double sample_peak_db() const;
  /// dBTP, highest of all channels, up to that of the largest float; -infinity for silence.
  [[nodiscard]] double true_peak_db() const;
  /// The highest of windows that end every 10 ms (Tech 3341's signal 13 needs them closer than every 0.1 s);
  /// -infinity for less than a window, and for silence.
  [[nodiscard]] double maximum_momentary_lufs() const;
  [[nodiscard]] double maximum_short_term_lufs() const;
  /// Value i is of the window that ends at i * curve_step + 0.4 s, or + 3 s; -infinity for silence. Valid until
  /// the next add().
  [[nodiscard]] std::span<const float> momentary_lufs() const;
  [[nodiscard]] std::span<const float> short_term_lufs() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::dsp
