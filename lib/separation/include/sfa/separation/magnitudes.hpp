// A magnitude spectrogram, and masks of its shape.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::separation {

/// Frame-major: `frames` rows of `bins` values >= 0, as in dsp::Spectrum.
struct Magnitudes {
  Magnitudes() = default;
  Magnitudes(int bins_, Frames frames_)
      : bins(bins_), frames(frames_), values(static_cast<std::size_t>(bins_) * static_cast<std::size_t>(frames_)) {}

  int bins = 0;
  Frames frames = 0;
  std::vector<float> values;

  [[nodiscard]] std::span<float> row(Frames frame) {
    return {values.data() + frame * bins, static_cast<std::size_t>(bins)};
  }
  [[nodiscard]] std::span<const float> row(Frames frame) const {
    return {values.data() + frame * bins, static_cast<std::size_t>(bins)};
  }
};

}  // namespace sfa::separation
