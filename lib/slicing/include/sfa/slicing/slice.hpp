// Cutting a sound into slices.
#pragma once
#include <optional>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/progress.hpp"
#include "sfa/slicing/bank.hpp"
#include "sfa/slicing/slice_points.hpp"

namespace sfa::slicing {

/// What to cut at.
enum class SliceAt { onsets, beats, parts };

struct SliceOptions {
  SliceAt at = SliceAt::onsets;
  OnsetMethod method = OnsetMethod::superflux;
  double sensitivity = 0.4;     // 0 to 1; the default found most on drums and on melodies
  double min_length = 0.05;     // seconds, >= 0, of slices at onsets and beats
  int parts = 1;                // for SliceAt::parts, 1 .. 1000000
  Grid grid;                    // goes into the bank; for SliceAt::beats its beats are cut at
  std::optional<double> snap;   // seconds that a cut may move to a rising zero crossing, 0 to 0.1;
                                // by default 0.003 at onsets and beats, 0 for parts
  double fade_in = 0.0003;      // seconds, 0 to 10
  double fade_out = 0.003;      // seconds, 0 to 10
};

/// Slices of the frames of `range` of `audio`, which follow one another without gap or overlap from its
/// begin to its end; only silence (below -60 dBFS) before the first point that is shorter than
/// `min_length` is left out. A slice at an onset begins at the attack or within a millisecond before it,
/// so that its fade-in is over when the sound sets in, or earlier where the zero crossing lies there.
/// Fades that do not fit into a slice are shortened to half of it.
/// The bank's source has the audio's rate, channels and frames; its path and SHA-256 are the caller's.
/// An empty range gives no slices. Throws Error::invalid_argument outside the ranges above.
[[nodiscard]] Bank slice(const AudioView& audio, FrameRange range, const SliceOptions& options,
                         const Progress& progress = {});

/// The frames of a slice of `audio`, faded in and out along straight lines, as the engine plays it.
[[nodiscard]] AudioBuffer faded(const AudioView& audio, const Slice& slice);

}  // namespace sfa::slicing
