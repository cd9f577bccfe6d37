// How much of each pitch class sounds: the peaks of long spectra, each counted at its own frequency and,
// less and less, at those it may be a harmonic of, folded into one octave, with the tuning found from
// the peaks themselves.
// Gómez, "Tonal description of polyphonic audio for music content processing", INFORMS Journal on
// Computing 18(3), 2006.
#pragma once
#include <array>
#include <memory>
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

/// Index 0 is C. Sums to 1, or is all 0 where nothing with a pitch sounded.
struct Chroma {
  std::array<double, 12> values{};
  double tuning_cents = 0.0;  // of A4 against 440 Hz, -50 to 50
};

/// Gathers the chroma of audio that is not in memory as a whole. Every moment counts alike, however
/// loud, but for those below -70 dB, which do not count.
class ChromaAnalyzer {
 public:
  explicit ChromaAnalyzer(SampleRate rate);
  ~ChromaAnalyzer();
  ChromaAnalyzer(ChromaAnalyzer&&) noexcept;
  ChromaAnalyzer& operator=(ChromaAnalyzer&&) noexcept;

  void add(std::span<const float> mono);
  /// Of all that was added. Nothing may be added after it.
  [[nodiscard]] Chroma finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Chroma chroma(std::span<const float> mono, SampleRate rate);

}  // namespace sfa::analysis
