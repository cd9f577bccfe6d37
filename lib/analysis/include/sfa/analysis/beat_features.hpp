// What sounds from one beat to the next, as a few numbers: what chords, keys, downbeats and structure
// are found in. A song of any length is summed up beat by beat, so its frames need not be kept.
#pragma once
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

/// Of the time from a beat to the next, or of half a second where there are no beats.
struct BeatFeatures {
  static constexpr int timbre_bands = 20;

  double time = 0.0, duration = 0.0;        // seconds
  int beat = -1;                            // that begins it, as an index among all beats; -1 for none
  std::array<float, 12> chroma{};           // of pitches above about 200 Hz, index 0 is C; sums to 1 or is all 0
  std::array<float, 12> bass_chroma{};      // of pitches below
  float bass_share = 0.0F;                  // of what the pitches weigh in all, 0 to 1: that of those below
  std::array<float, timbre_bands> bands{};  // mean log10(1 + magnitude), each of as many bands of a
                                            // BandSpectrogram: near the mel scale, 27.5 Hz to 17 kHz
  float low_db = -120.0F;    // mean power below 150 Hz, dBFS (a full-scale sine has -3), -120 to 120
  float power_db = -120.0F;  // mean power, likewise
  float onsets = 0.0F;       // mean onset strength (spectral flux a band) ...
  float low_onsets = 0.0F;   // ... and that of the lowest quarter of the bands
};

/// Gathers frames as they come and sums them up between the beats as soon as those are known. The frames
/// of a stretch are dropped then: it holds 18 kB for each second whose beats are not known yet.
///
/// The intervals lie without gaps from 0 to the end. Where a beat is followed by none for longer than 2 s,
/// and before the first, they are 0.5 s long (the last of such a run 0.25 to 0.75 s). How the frames and the
/// beats are cut into calls does not change the result.
class BeatFeatureCollector {
 public:
  /// Rows of `bands` bands at BandSpectrogram::frames_per_second, pitches at `chroma_frames_per_second`;
  /// frame i of each is centred on i / frames_per_second. Throws Error::invalid_argument for less than 20 bands.
  BeatFeatureCollector(SampleRate rate, int bands, double chroma_frames_per_second);
  ~BeatFeatureCollector();
  BeatFeatureCollector(BeatFeatureCollector&&) noexcept;
  BeatFeatureCollector& operator=(BeatFeatureCollector&&) noexcept;

  void add_audio(std::span<const float> mono);
  void add_bands(std::span<const float> row);
  /// Of any scale: of all frames in an interval the sum is taken, and that is normalised.
  void add_chroma(std::span<const float, 12> treble, std::span<const float, 12> bass);

  /// The next beats by their times, rising, and that no others will come before `until`: all frames up to
  /// there must have been added (those that are not count as silent). Earlier beats than 0 or than the one
  /// before are passed over, though counted.
  void settle(std::span<const double> beats, double until);
  /// The same for the rest of a song that is `duration` long. Nothing may be added after it.
  void finish(std::span<const double> beats, double duration);

  /// Of all that is settled so far.
  [[nodiscard]] const std::vector<BeatFeatures>& features() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::analysis
