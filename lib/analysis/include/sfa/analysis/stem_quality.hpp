// How clean the stems of a song are, each against all others, and which of them are worth looping.
//
// Leakage: where a stem holds some of another, the two move together, wave by wave. In each bin of the
// spectrum, over 20 s at a time, the part of a stem is found that is another, louder one times a constant (least
// squares over those moments in which the other is the louder; Bendat and Piersol, "Random data", chapter 6:
// coherent output power), less what chance makes of that. Its power, over the whole song and for the
// worst of the other stems, against the stem's own is its leakage. What no constant filter makes of another
// stem, such as artefacts, is not seen, and what two instruments play exactly alike counts as leaked.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/audio/buffer.hpp"

namespace sfa::analysis {

/// For stems of one length that are read side by side, a block at a time. Memory does not grow with them.
///
/// `silence` is the share of stretches of 0.1 s whose power is below -60 dBFS (mean of all channels' mean).
/// `quality` is 1 for a leakage of -30 dB and less and 0 for -5 dB and more, straight between; 0 for a
/// stem without sound. Worth looping is what has quality 0.5 and more, sounds at least a third of the time and
/// has -45 LUFS.
class StemQualityMeter {
 public:
  /// At least one name. Throws Error::invalid_argument, and what dsp::LoudnessMeter throws.
  StemQualityMeter(SampleRate rate, int channels, std::vector<std::string> names);
  ~StemQualityMeter();
  StemQualityMeter(StemQualityMeter&&) noexcept;
  StemQualityMeter& operator=(StemQualityMeter&&) noexcept;

  /// The next block of each stem, in the order of their names; throws Error::invalid_argument unless they are
  /// all of the same length and of the meter's rate and channels.
  void add(std::span<const AudioView> stems);

  /// Of all so far; paths are left empty. Nothing may be added after it.
  [[nodiscard]] std::vector<StemQuality> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::analysis
