// Beats, bars and tempo. Where beats lie is found in what sets in (beat_activation.hpp) together with what a
// small trained network hears as beats (models/beats.md), by a hidden Markov model of the bar pointer: hidden
// are the position inside the beat, which moves on by one frame at a time, and its length, which changes from
// beat to beat only.
// Krebs, Böck and Widmer, "An efficient state-space model for joint tempo and meter tracking",
// ISMIR 2015. The model runs over five overlapping ranges of tempo, and the range is chosen that
// explains the activation best, weighed by how usual its tempo is. Bars follow from the beats
// (downbeat.hpp), tempo and grid from a straight line through them (tempo.hpp).
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/audio/progress.hpp"

namespace sfa::analysis {

struct BeatOptions {
  double low_bpm = 50.0, high_bpm = 225.0;  // tempos that are looked for: 20 to 400, `high_bpm` >= 1.05 `low_bpm`
};

struct BeatTrack {
  Tempo tempo;
  Meter meter;
  std::vector<Beat> beats;
  std::vector<GridSegment> grid;
};

/// Takes a band spectrogram frame by frame and hands out beats as they get settled. It works on windows of
/// ten minutes that overlap by 100 s, where the beats of one are joined to those of the next: 35 MB for audio
/// of any length, and 40 bytes for each beat. What is no longer than half a minute, begins with a beat and is a
/// whole number of beats long is a loop: its tempo is that of its length, its beats are even, its first is a downbeat.
///
/// There are no beats (and a tempo of 0) where less than three are heard, or where what sets in does not stand
/// out, as in silence, noise and steady tones, or comes at random; and none inside pauses of more than four seconds.
///
/// Confidences are the share of cases in which such a beat, tempo (within 4 %, octave included) or metre is right,
/// calibrated on recorded excerpts of ten genres (models/beats.md).
class BeatTracker {
 public:
  /// `bands` of each frame, at least 140. Throws Error::invalid_argument for less, and for options outside their
  /// ranges.
  explicit BeatTracker(int bands, BeatOptions options = {});
  ~BeatTracker();
  BeatTracker(BeatTracker&&) noexcept;
  BeatTracker& operator=(BeatTracker&&) noexcept;

  /// The next frame. Every five hundred seconds of frames, works for some seconds.
  void add(std::span<const float> bands, const Progress& progress = {});

  /// Before `finish`: beats that will not change any more, from the begin on, their positions in the bar not known
  /// yet ...
  [[nodiscard]] std::span<const Beat> settled() const;
  /// ... and the time up to which they are all there are. Seconds.
  [[nodiscard]] double settled_until() const;

  /// All beats, of audio of `duration` seconds, if known (what a loop's tempo is counted from: frames tell it only to
  /// 10 ms; 0 for the frames' own). Nothing may be added after it.
  [[nodiscard]] BeatTrack finish(double duration = 0.0, const Progress& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same of a whole spectrogram.
[[nodiscard]] BeatTrack track_beats(const BandSpectrogram& bands, BeatOptions options = {}, double duration = 0.0,
                                    const Progress& progress = {});

}  // namespace sfa::analysis
