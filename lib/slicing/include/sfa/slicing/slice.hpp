// Cutting a sound into slices.
#pragma once
#include <optional>

#include "sfa/slicing/bank.hpp"
#include "sfa/slicing/slice_features.hpp"
#include "sfa/slicing/survey.hpp"

namespace sfa::slicing {

/// What to cut at.
enum class SliceAt {
  onsets,
  times,     // given ones: of a grid (division_times), of sections, of another sound's onsets
  parts,     // equal ones
  silences,  // where sound ends and where it begins again
};

struct SliceOptions {
  SliceAt at = SliceAt::onsets;
  OnsetMethod method = OnsetMethod::superflux;
  double sensitivity = 0.4;     // 0 to 1; the default found most on drums and on melodies
  double min_length = 0.05;     // seconds, >= 0, of slices at onsets and times
  std::optional<double> max_length;  // seconds, > 0: what is longer loses its end
  double tail = 0.0;            // seconds, 0 to 60, that a slice rings on into those after it
  int parts = 1;                // for SliceAt::parts, 1 .. 1000000
  std::vector<double> times;    // for SliceAt::times: seconds from the sound's begin, ascending
  double silence_db = -60.0;    // dBFS: what stays below it is silent; -120 to 0
  double silence_length = 0.1;  // seconds, > 0: shorter silence is no cut
  std::optional<double> snap;   // seconds that a cut may move to a rising zero crossing, 0 to 0.1;
                                // by default 0.003 at onsets, beats and silences, 0 for parts
  double fade_in = 0.0003;      // seconds, 0 to 10
  double fade_out = 0.003;      // seconds, 0 to 10
};

/// A slice with what it is compared by.
struct Cut {
  Slice slice;
  Timbre timbre;
};

/// Slices of what a survey (with the same method and sensitivity) has seen. Without a greatest length and a
/// tail they follow one another without gap or overlap from the range's begin to its end. A
/// slice at an onset begins at the attack or within a millisecond before it, so that its fade-in is over
/// when the sound sets in, or earlier where the zero crossing lies there. What precedes the first onset is a
/// slice of its own where it is silent (below -60 dBFS) or `min_length` long, else part of the first.
/// A slice's attack is the first onset in it, or right at its begin. Its features are of what lies before the
/// next cut, without the tail. Fades that do not fit into a slice are shortened to half of it.
/// Reads the sound once or twice; progress is told from 0 to 1. An empty range gives no slices. Throws
/// Error::invalid_argument outside the ranges above.
[[nodiscard]] std::vector<Cut> cut(const Sound& sound, const Survey& survey, const SliceOptions& options,
                                   const Progress& progress = {});

/// survey() and cut() of the frames of `range` of audio in memory. The bank's source has the audio's rate, channels
/// and frames; its path and SHA-256 are the caller's.
[[nodiscard]] Bank slice(const AudioView& audio, FrameRange range, const SliceOptions& options,
                         const Progress& progress = {});

/// Gives frames of a slice, from `begin` (of the source) on, its gain, and fades them in and out along straight
/// lines, as the engine plays them. Without gain and fades they stay as they are, bit for bit.
void shape(AudioBuffer& part, Frames begin, const Slice& slice);

/// The frames of a slice of `audio`, shaped.
[[nodiscard]] AudioBuffer faded(const AudioView& audio, const Slice& slice);

}  // namespace sfa::slicing
