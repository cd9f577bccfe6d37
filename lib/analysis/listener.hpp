// Spectra and pitches of one sound as it comes, summed up beat by beat as soon as the beats are known.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/analysis/beat_features.hpp"
#include "sfa/analysis/chroma.hpp"
#include "sfa/audio/buffer.hpp"

namespace sfa::analysis {

/// One channel, brought to what spectra can bear. Throws Error::invalid_data for NaN and infinity.
[[nodiscard]] std::vector<float> heard(const AudioView& audio);

class Listener {
 public:
  using Rows = BandAnalyzer::Sink;

  explicit Listener(SampleRate rate);

  [[nodiscard]] int bands() const { return bands_.bands(); }

  /// The next samples, and the same moments of what pitches are heard in; `rows` is given each frame of the band
  /// spectrogram of the former.
  void add(std::span<const float> mono, std::span<const float> harmony, const Rows& rows = {});

  /// `beats` are all that are known so far, and all there are before `until`.
  void settle(std::span<const Beat> beats, double until);

  /// No samples are left: the last rows, and the pitches of the whole.
  [[nodiscard]] Chroma end(const Rows& rows = {});

  /// After end(): `beats` are all there are.
  [[nodiscard]] std::vector<BeatFeatures> finish(std::span<const Beat> beats, double duration);

 private:
  void take_pitches(const ChromaFrame& frame);
  [[nodiscard]] std::vector<double> next_beats(std::span<const Beat> beats, double until);

  BandAnalyzer bands_;
  ChromaAnalyzer chroma_;
  BeatFeatureCollector collector_;
  Frames chroma_frames_ = 0;
  std::size_t beats_collected_ = 0;
};

}  // namespace sfa::analysis
