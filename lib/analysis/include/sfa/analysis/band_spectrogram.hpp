// Magnitudes in bands that lie evenly on the scale of pitch, on a logarithmic scale: what onsets and
// beats are found in. Windows of 2048 frames at 44.1 kHz (46 ms, longer or shorter at other rates so
// that the time stays the same), 100 frames a second, triangular filters at 24 bands an octave from
// 27.5 Hz to 17 kHz, then log10(1 + x), so that a sound is described alike at any sample rate.
// Böck and Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013, section 2.1.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

/// Frame-major. Frame i is centred on time i / 100 s; the signal is taken as zero outside itself.
/// There is a frame for each centre that lies inside the signal. Bands above the Nyquist frequency are 0.
struct BandSpectrogram {
  static constexpr int frames_per_second = 100;
  int bands = 0;
  Frames frames = 0;
  std::vector<float> values;

  [[nodiscard]] std::span<const float> row(Frames frame) const {
    return {values.data() + frame * bands, static_cast<std::size_t>(bands)};
  }
};

/// The same frame by frame, for audio that is not in memory as a whole.
class BandAnalyzer {
 public:
  using Sink = std::function<void(std::span<const float> bands)>;

  /// Frame i is centred on time i / frames_per_second. 1 to 1000 of them. Throws Error::invalid_argument.
  explicit BandAnalyzer(SampleRate rate, int frames_per_second = BandSpectrogram::frames_per_second);
  ~BandAnalyzer();
  BandAnalyzer(BandAnalyzer&&) noexcept;
  BandAnalyzer& operator=(BandAnalyzer&&) noexcept;

  /// The same number at every rate.
  [[nodiscard]] int bands() const;
  /// Takes the next samples and calls `sink` for each frame that they complete, in order.
  void add(std::span<const float> mono, const Sink& sink);
  /// The frames that reach beyond the end. Nothing may be added after it.
  void finish(const Sink& sink);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] BandSpectrogram band_spectrogram(std::span<const float> mono, SampleRate rate);

}  // namespace sfa::analysis
