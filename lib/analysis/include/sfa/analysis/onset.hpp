// Onset times: the peaks of the onset strength, at 200 frames a second.
// Böck, Krebs and Schedl, "Evaluating the online capabilities of onset detection methods", ISMIR 2012,
// section 2.4 (peak picking), over the strength of Böck and Widmer, DAFx 2013: the rise of the bands
// within 20 ms after a 3-bin maximum filter.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/analysis/onset_strength.hpp"
#include "sfa/audio/buffer.hpp"

namespace sfa::analysis {

struct Onset {
  double time = 0.0;      // seconds, whole frames of 5 ms; early by up to 20 ms rather than late
  float strength = 0.0F;  // of the peak, > 0
};

struct OnsetOptions {
  double sensitivity = 0.5;         // 0 (the strongest only) to 1 (the faintest too)
  double minimum_distance = 0.03;   // seconds between onsets, >= 0
};

/// For audio that is not in memory as a whole; keeps 4 bytes for each frame.
class OnsetDetector {
 public:
  static constexpr int frames_per_second = 200;
  using Sink = BandAnalyzer::Sink;

  explicit OnsetDetector(SampleRate rate);
  /// Takes the next samples. `sink`, if any, is shown every second frame of the bands: the 100 a second that
  /// BandSpectrogram holds.
  void add(std::span<const float> mono, const Sink& sink = {});
  /// The end of the sound, at which nothing sets in. Nothing may be added after it.
  void finish(const Sink& sink = {});
  /// How many bands the sink is shown.
  [[nodiscard]] int bands() const { return bands_.bands(); }
  /// After finish(): how much sets in at each frame.
  [[nodiscard]] std::span<const float> strength() const { return strength_; }

 private:
  void take(std::span<const float> row, const Sink& sink);

  BandAnalyzer bands_;
  BandFlux flux_;
  std::vector<float> strength_;
};

/// The peaks of `strength` (200 values a second), in order of time. Throws Error::invalid_argument
/// outside the ranges of `options`.
[[nodiscard]] std::vector<Onset> onsets(std::span<const float> strength, const OnsetOptions& options = {});

/// Of the mean of all channels, of a sound that begins and ends here: it may set in at 0, but not at its end.
[[nodiscard]] std::vector<Onset> onsets(const AudioView& audio, const OnsetOptions& options = {});

}  // namespace sfa::analysis
