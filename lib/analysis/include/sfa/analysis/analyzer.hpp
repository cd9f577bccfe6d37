// Everything sfa knows of a song, in one pass over its audio.
#pragma once
#include <memory>

#include "sfa/analysis/analysis.hpp"
#include "sfa/audio/buffer.hpp"
#include "sfa/audio/progress.hpp"

namespace sfa::analysis {

/// Takes audio block by block and keeps features alone: about 1 kB for each second, and 7 kB while beats
/// are found, 250 MB for ten hours. The blocks' sizes do not change the result.
class Analyzer {
 public:
  /// 1 to 64 channels. Throws Error::unsupported for rates that loudness is not defined for.
  Analyzer(SampleRate rate, int channels);
  ~Analyzer();
  Analyzer(Analyzer&&) noexcept;
  Analyzer& operator=(Analyzer&&) noexcept;

  /// The next frames, of the same channels and rate. Throws Error::invalid_data for NaN and infinity.
  void add(const AudioView& audio);

  /// Tempo, beats, key, loudness, and of the source what the audio tells: rate, channels and frames.
  /// Nothing may be added after it. The beats of ten hours take about fifteen seconds.
  [[nodiscard]] Analysis finish(const Progress& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same of audio in memory; audio without channels or frames has nothing in it.
[[nodiscard]] Analysis analyze(const AudioView& audio, const Progress& progress = {});

}  // namespace sfa::analysis
