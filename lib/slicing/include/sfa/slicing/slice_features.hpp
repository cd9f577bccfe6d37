// What a slice sounds like, in numbers.
#pragma once
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/slicing/bank.hpp"
#include "sfa/slicing/pitch.hpp"

namespace sfa::slicing {

/// What a slice's class is read from and what slices are compared by: how much of the power lies where and
/// when, in bands of frequency over stretches of time after the begin.
///
/// Bands: triangles, the lower half-bands from spectra of 46 ms each 10 ms, the upper ones from spectra of
/// 12 ms each 5 ms. A level is the mean power in dB, above 80 dB below the loudest of all, divided by 80: 0
/// to 1, whatever the level of the sound.
struct Timbre {
  static constexpr int bands = 22;    // centres from 32 Hz to 17 kHz
  static constexpr int stretches = 7; // 0, 10, 20, 40, 80, 160 and 320 ms after the begin; the last ends at 640
  std::array<float, bands * stretches> levels{};  // stretch after stretch
  int heard = 0;                      // stretches that begin before the slice's end
  std::array<float, bands> before{};  // the same of what rings on from before the begin
  bool has_before = false;            // whether that is known
};

/// 0 (nothing in common) to 1 (the same at any level): the cosine of the angle between the levels of two from
/// their begins on.
[[nodiscard]] double similarity(const Timbre& a, const Timbre& b);

struct SliceSound {
  SliceFeatures features;  // what documents hold
  Pitch pitch;
  double duration = 0.0;   // seconds
  Timbre timbre;
};

/// Takes a slice block by block and keeps no more of it than its first second and 4 bytes for each 5 ms.
///
/// Levels are over all channels: the highest sample, the mean power, and the highest momentary loudness (EBU
/// Tech 3341) of the slice played alone, silence after it. All else is of the one channel that stands for all
/// (see prominent_channel), of spectra of 46 to 93 ms over the first second: centroid, bandwidth and
/// flatness (Peeters, "A large set of audio features for sound description", IRCAM, 2004, sections 6.1.1, 6.1.2
/// and 9.1; frequency weighted by magnitude, the flatness of powers) of the mean power spectrum, and the mean of
/// the 13 mel-frequency cepstral coefficients of analysis::MelCepstrum, each level 80 dB at most below the highest.
/// The attack lasts until the highest sample in the first half second, the decay from the loudest 5 ms until the
/// level stays 20 dB below it, or to the end.
class SliceDescriber {
 public:
  /// How much of what precedes a slice tells its sound from what rings on into it.
  static constexpr Seconds looks_back{0.05};

  /// 1 to 64 channels. `before` is one channel of what precedes the slice, if that is known.
  SliceDescriber(SampleRate rate, int channels, std::vector<float> before = {});
  ~SliceDescriber();
  SliceDescriber(SliceDescriber&&) noexcept;
  SliceDescriber& operator=(SliceDescriber&&) noexcept;

  /// The next frames, and the same in one channel.
  void add(const AudioView& audio, std::span<const float> mono);
  /// Of all so far. Nothing may be added after it.
  [[nodiscard]] SliceSound finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Of a slice in memory.
[[nodiscard]] SliceSound slice_sound(const AudioView& audio, std::span<const float> mono,
                                     std::vector<float> before = {});

}  // namespace sfa::slicing
