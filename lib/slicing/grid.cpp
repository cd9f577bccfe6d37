#include "sfa/slicing/grid.hpp"

#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/analysis/beat.hpp"
#include "sfa/analysis/beat_activation.hpp"
#include "sfa/slicing/slice_points.hpp"

namespace sfa::slicing {

Grid find_grid(const AudioView& audio, FrameRange range, const Progress& progress) {
  const auto inside = intersect(range, audio.range());
  const AudioView part = audio.slice(inside);
  if (part.empty()) return {};
  const auto bands = analysis::band_spectrogram(prominent_channel(part), part.rate());
  const auto track = analysis::track_beats(analysis::beat_activation(bands), progress);
  Grid grid;
  if (track.beats.empty()) return grid;
  grid.bpm = track.tempo.bpm;
  const double offset = to_seconds(inside.begin, audio.rate()).value;
  for (const analysis::Beat& beat : track.beats) grid.beats.push_back(beat.time + offset);
  return grid;
}

}  // namespace sfa::slicing
