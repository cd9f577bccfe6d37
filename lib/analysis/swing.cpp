#include "swing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sfa/analysis/band_spectrogram.hpp"

namespace sfa::analysis {
namespace {

constexpr double straight = 0.5;
constexpr double earliest = 0.42, latest = 0.72;  // later ones are sixteenths
constexpr double stands_out = 1.3;                // peak against the mean of the profile
constexpr double longest_beat = 1.5;              // seconds; what is longer is a pause

}  // namespace

void SwingMeter::add(std::span<const Beat> beats, std::span<const float> onsets, double begin) {
  constexpr double rate = BandSpectrogram::frames_per_second;
  for (std::size_t i = 0; i + 1 < beats.size(); ++i) {
    const double from = (beats[i].time - begin) * rate, length = (beats[i + 1].time - beats[i].time) * rate;
    if (length <= 0.0 || length > longest_beat * rate) continue;
    for (auto frame = static_cast<Frames>(std::ceil(from)); static_cast<double>(frame) < from + length; ++frame) {
      if (frame < 0 || frame >= static_cast<Frames>(onsets.size())) continue;
      const double place = (static_cast<double>(frame) - from) / length * bins;
      const double part = place - std::floor(place), weight = std::sqrt(onsets[static_cast<std::size_t>(frame)]) / length;
      const auto bin = static_cast<std::size_t>(place) % bins;
      profile_[bin] += (1.0 - part) * weight;
      profile_[(bin + 1) % bins] += part * weight;
    }
  }
}

double SwingMeter::ratio() const {
  const auto at = [&](int bin) {
    const auto value = [&](int i) { return profile_[static_cast<std::size_t>(i)]; };
    return 0.25 * value(bin - 1) + 0.5 * value(bin) + 0.25 * value(bin + 1);
  };
  const double mean = std::accumulate(profile_.begin(), profile_.end(), 0.0) / bins;
  const int first = static_cast<int>(std::ceil(earliest * bins)), last = static_cast<int>(latest * bins);
  int peak = first;
  for (int bin = first; bin <= last; ++bin)
    if (at(bin) > at(peak)) peak = bin;
  const double before = at(peak - 1), top = at(peak), after = at(peak + 1), bend = before - 2.0 * top + after;
  if (top <= 0.0 || top < stands_out * mean || top < before || top < after) return straight;
  return std::clamp((peak + (bend < 0.0 ? 0.5 * (before - after) / bend : 0.0)) / bins, earliest, latest);
}

}  // namespace sfa::analysis
