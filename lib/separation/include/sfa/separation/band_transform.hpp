// Between stereo sound and what the small network sees: short-time spectra of mid and side, features of their bands,
// and back from masks to stems. The trainer, the offline and the live separator all go through here.
//
// Mid and side are (left + right) / sqrt(2) and (left - right) / sqrt(2): energies add up to those of left and right.
// Two windows. A whole Hann window on both sides looks size_frames ahead. The low-delay pair of Mauler and Martin, "A low
// delay, variable resolution, perfect reconstruction spectral analysis-synthesis system for speech enhancement", EUSIPCO
// 2007, section 3, analyses as long a stretch, but gives out only its last two hops, so that sound is late by two hops.
#pragma once
#include <array>
#include <complex>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"
#include "sfa/dsp/fft.hpp"
#include "sfa/separation/band_layout.hpp"

namespace sfa::separation {

struct BandTransformOptions {
  int size_frames = 4096;  // of the transform, a multiple of hop_frames
  int hop_frames = 1024;
  int bands = 128;
  bool low_delay = false;
};

/// The same at another sample rate: hops that last as long within half a sample, so that bins lie where the
/// network's do within 0.1 % from 22 kHz on.
[[nodiscard]] BandTransformOptions at_rate(const BandTransformOptions& options, SampleRate own, SampleRate rate);

using Bins = std::vector<std::complex<float>>;

/// The spectrum of one frame, bins() of each.
struct MidSide {
  Bins mid, side;
};

/// Over the bins of each band: sum |M|^2, sum |S|^2, sum M conj S.
struct BandSums {
  std::vector<float> mid, side, cross_re, cross_im;
};

class BandTransform {
 public:
  static constexpr int features = 4;  // for each band; see describe()

  /// Throws Error::invalid_argument for sizes that do not fit together.
  explicit BandTransform(const BandTransformOptions& options);

  /// For sound at `rate` and a network whose `options` are meant at its `own`: sizes are those of at_rate(), bands
  /// those of the network. Bands beyond the sound's bins stay silent; bins beyond the network's go with its last band.
  BandTransform(const BandTransformOptions& options, SampleRate own, SampleRate rate);

  [[nodiscard]] const BandTransformOptions& options() const { return options_; }
  [[nodiscard]] const BandLayout& layout() const { return layout_; }
  [[nodiscard]] int bins() const { return fft_.bins(); }

  /// size_frames samples of each channel.
  void analyze(std::span<const float> left, std::span<const float> right, MidSide& out);

  /// What the bands of a frame hold.
  void sum_bands(const MidSide& frame, BandSums& out) const;

  /// What the network sees of a frame: `features` values, of order 1, for each band in turn.
  ///   0, 1  the level of mid and of side, in units of 20 dB above -60 dBFS a bin
  ///   2, 3  the coherence of mid and side, 2 sum(M conj S) / (sum |M|^2 + sum |S|^2), real and imaginary: where in
  ///         the panorama the band lies. Exchanging left and right turns its sign.
  void describe(const BandSums& sums, std::span<float> out) const;

  /// Adds the frame that masked spectra make to left and right, size_frames of each; where all frames that cover a
  /// sample have been added, an unmasked spectrum gives back the sound.
  void synthesize(const MidSide& frame, std::span<float> left, std::span<float> right);

  /// Each bin times its band's mask; `masks` holds that of mid and that of side for each band in turn.
  void mask(const MidSide& frame, std::span<const std::complex<float>> masks, MidSide& out) const;

 private:
  [[nodiscard]] std::size_t edge(std::size_t band) const;  // as far as there are bins

  BandTransformOptions options_;
  BandLayout layout_;
  dsp::Fft fft_;
  std::vector<float> analysis_, synthesis_, time_;
  Bins left_, right_;
};

/// The windows, size_frames of each: their products, hop after hop, add up to 1.
struct WindowPair {
  std::vector<float> analysis, synthesis;
};
[[nodiscard]] WindowPair window_pair(const BandTransformOptions& options);

}  // namespace sfa::separation
