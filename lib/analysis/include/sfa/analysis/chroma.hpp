// How much of each pitch class sounds: the peaks of long spectra, each counted at its own frequency and,
// less and less, at those it may be a harmonic of, folded into one octave, with the tuning found from
// the peaks themselves.
// Gómez, "Tonal description of polyphonic audio for music content processing", INFORMS Journal on
// Computing 18(3), 2006.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

/// Index 0 is C. `values` sums to 1, or is all 0 where nothing with a pitch sounded.
struct Chroma {
  std::array<double, 12> values{};  // of all pitches
  std::array<double, 12> bass{};    // the part of it that lies below about 200 Hz
  double tuning_cents = 0.0;        // of A4 against 440 Hz, -50 to 50
  double seconds = 0.0;             // how long something with a pitch sounded
  double tunedness = 0.0;           // 1 where all peaks lie on that tuning's semitones, 0 where they lie anywhere
};

/// A moment's: treble and bass together sum to 1, or are all 0 where nothing with a pitch sounded.
struct ChromaFrame {
  std::array<float, 12> treble{}, bass{};  // above and below about 200 Hz
};

/// Gathers the chroma of audio that is not in memory as a whole. Every moment counts alike, however
/// loud, but for those below -70 dB, which do not count.
class ChromaAnalyzer {
 public:
  static constexpr int frames_per_second = 10;
  /// Frames come this late, for they are folded with the tuning that was heard up to then.
  static constexpr int delay_frames = 200;

  /// Given each frame in turn; frame i is centred on i / frames_per_second seconds.
  using Sink = std::function<void(const ChromaFrame&)>;

  explicit ChromaAnalyzer(SampleRate rate);
  ~ChromaAnalyzer();
  ChromaAnalyzer(ChromaAnalyzer&&) noexcept;
  ChromaAnalyzer& operator=(ChromaAnalyzer&&) noexcept;

  /// How the samples are cut into calls does not change the result.
  void add(std::span<const float> mono, const Sink& sink = {});
  /// Of all that was added; gives the sink the frames that are left. Nothing may be added after it.
  [[nodiscard]] Chroma finish(const Sink& sink = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Chroma chroma(std::span<const float> mono, SampleRate rate);

}  // namespace sfa::analysis
