#include "sfa/separation/harmonic_percussive.hpp"

#include <algorithm>
#include <cmath>

#include "sfa/dsp/median.hpp"

namespace sfa::separation {
namespace {

void median_along_time(const Magnitudes& mix, int frames, Magnitudes& out) {
  const auto bins = static_cast<std::size_t>(mix.bins);
  std::vector<float> column(static_cast<std::size_t>(mix.frames)), smooth(column.size());
  for (std::size_t bin = 0; bin < bins; ++bin) {
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = mix.values[i * bins + bin];
    dsp::running_median(column, frames, smooth);
    for (std::size_t i = 0; i < column.size(); ++i) out.values[i * bins + bin] = smooth[i];
  }
}

}  // namespace

Magnitudes percussive_mask(const Magnitudes& mix, const HarmonicPercussive& options) {
  Magnitudes mask(mix.bins, mix.frames);
  median_along_time(mix, options.time_frames, mask);
  std::vector<float> percussive(static_cast<std::size_t>(mix.bins));
  for (Frames frame = 0; frame < mix.frames; ++frame) {
    dsp::running_median(mix.row(frame), options.frequency_bins, percussive);
    std::ranges::transform(mask.row(frame), percussive, mask.row(frame).begin(), [&](float harmonic, float drum) {
      const float p = std::pow(drum, options.power);
      const float both = p + std::pow(harmonic * options.separation, options.power);
      return both > 0.0F ? p / both : 0.5F;
    });
  }
  return mask;
}

}  // namespace sfa::separation
