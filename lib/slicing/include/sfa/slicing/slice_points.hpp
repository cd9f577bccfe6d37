// The frames at which a sound is cut.
#pragma once
#include <span>
#include <vector>

#include "sfa/audio/buffer.hpp"

namespace sfa::slicing {

/// How onsets are found.
enum class OnsetMethod {
  superflux,  // analysis::onsets
  aubio,      // aubio_onsets, where libaubio is installed
};

struct OnsetPoints {
  OnsetMethod method = OnsetMethod::superflux;
  double sensitivity = 0.4;  // 0 (the strongest onsets only) to 1 (the faintest too)
  double min_length = 0.05;  // seconds between points, >= 0; of two too close the stronger onset stays
};

/// One channel that stands for all: their mean, or the strongest channel where they cancel out. Where it goes
/// beyond 120 dBFS it is brought down to full scale by a power of two, so that its spectra are finite.
[[nodiscard]] std::vector<float> prominent_channel(const AudioView& audio);

/// Where attacks begin (attack_start), ascending. Throws Error::invalid_argument outside the ranges
/// above, Error::unsupported where the method is not there.
[[nodiscard]] std::vector<Frames> onset_points(std::span<const float> mono, SampleRate rate,
                                               const OnsetPoints& options);

/// 0 and the starts of the other parts, whose lengths differ by one frame at most.
/// Throws Error::invalid_argument unless 1 <= parts <= frames.
[[nodiscard]] std::vector<Frames> equal_points(Frames frames, int parts);

/// The frames of the times (seconds, ascending) that lie inside 0 .. frames and at least
/// `min_length` seconds apart.
[[nodiscard]] std::vector<Frames> time_points(std::span<const double> times, Frames frames, SampleRate rate,
                                              double min_length);

}  // namespace sfa::slicing
