// Everything sfa knows of a song, in one pass over its audio.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/beat.hpp"
#include "sfa/analysis/features.hpp"
#include "sfa/audio/buffer.hpp"
#include "sfa/audio/progress.hpp"

namespace sfa::analysis {

struct AnalyzerOptions {
  BeatOptions beats{};
  bool loudness_curves = false;       // into Loudness: 80 bytes for each second
  FeatureOptions features{};          // of the mix; no names, no features
  FeatureAnalyzer::Sink feature_sink{};  // gets each row, if there is one
  std::vector<std::string> stems{};   // their names, if stems are given: "drums", "vocals" ...
};

/// Takes audio block by block and sums it up beat by beat: about 1 kB for each beat, and 35 MB while
/// beats are looked for. The blocks' sizes do not change the result.
///
/// Of stems, beats are found in "drums", key and chords in all but "drums" and "vocals" (in the mix where there
/// are no such), each stem's quality is told, and loops are found in each that is worth looping, too.
class Analyzer {
 public:
  /// 1 to 64 channels. Throws Error::unsupported for rates that loudness is not defined for, and as BeatTracker
  /// and FeatureAnalyzer for their options.
  Analyzer(SampleRate rate, int channels, const AnalyzerOptions& options = {});
  ~Analyzer();
  Analyzer(Analyzer&&) noexcept;
  Analyzer& operator=(Analyzer&&) noexcept;

  /// The next frames of the song, and the same frames of each stem, in the order of their names. Throws
  /// Error::invalid_data for NaN and infinity, Error::invalid_argument where rates, channels or lengths differ.
  void add(const AudioView& mix, std::span<const AudioView> stems = {});

  /// All that analysis.hpp lists, and of the source what the audio tells: rate, channels and
  /// frames. The stems' paths are left empty. Nothing may be added after it.
  [[nodiscard]] Analysis finish(const Progress& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same of audio in memory; audio without channels or frames has nothing in it.
[[nodiscard]] Analysis analyze(const AudioView& audio, const Progress& progress = {});

/// Of an analysis of a part of a sound: counts its times, and the frames of its loops, from the sound's begin,
/// which lies `frames` before that of the part.
void count_from(Analysis& analysis, Frames frames);

}  // namespace sfa::analysis
