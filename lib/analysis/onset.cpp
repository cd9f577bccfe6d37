#include "sfa/analysis/onset.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sfa/audio/error.hpp"

namespace sfa::analysis {
namespace {

constexpr double frames_per_second = OnsetDetector::frames_per_second;
constexpr int lag_frames = 4;  // 20 ms: slow attacks of strings and voices rise in it, too

// Böck and Widmer 2013, section 3.3, in frames: a peak is the maximum of 20 ms before to 30 ms after it
// and exceeds the mean of 100 ms before to 70 ms after it by a threshold.
constexpr Frames maximum_before = 4, maximum_after = 6, mean_before = 20, mean_after = 14;
constexpr double middle_threshold = 1.3;  // the published 1.1, for twice as many frames in the same lag
constexpr std::size_t unsure_end = 4;     // frames whose window of 46 ms reaches 3 ms and more beyond the end

std::span<const float> around(std::span<const float> values, Frames centre, Frames before, Frames after) {
  const auto from = std::max<Frames>(0, centre - before);
  const auto to = std::min<Frames>(static_cast<Frames>(values.size()), centre + after + 1);
  return values.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
}

bool is_peak(std::span<const float> strength, Frames i, double threshold) {
  const float value = strength[static_cast<std::size_t>(i)];
  if (value < threshold) return false;
  if (value < *std::ranges::max_element(around(strength, i, maximum_before, maximum_after))) return false;
  const auto near = around(strength, i, mean_before, mean_after);
  const double mean = std::accumulate(near.begin(), near.end(), 0.0) / static_cast<double>(near.size());
  return value >= mean + threshold;
}

}  // namespace

OnsetDetector::OnsetDetector(SampleRate rate)
    : bands_(rate, frames_per_second), flux_(bands_.bands(), {.lag_frames = lag_frames}) {}

void OnsetDetector::take(std::span<const float> row, const Sink& sink) {
  if (sink && strength_.size() % 2 == 0) sink(row);
  const auto rise = flux_.next(row);
  strength_.push_back(std::accumulate(rise.begin(), rise.end(), 0.0F));
}

void OnsetDetector::add(std::span<const float> mono, const Sink& sink) {
  bands_.add(mono, [&](std::span<const float> row) { take(row, sink); });
}

void OnsetDetector::finish(const Sink& sink) {
  bands_.finish([&](std::span<const float> row) { take(row, sink); });
  forget_end(strength_, unsure_end);
}

std::vector<Onset> onsets(std::span<const float> strength, const OnsetOptions& options) {
  if (!(options.sensitivity >= 0.0 && options.sensitivity <= 1.0 && options.minimum_distance >= 0.0))
    throw Error(Error::Kind::invalid_argument, "onset sensitivity must be 0 to 1 and the distance >= 0");
  // A decade to either side of the middle.
  const double threshold = middle_threshold * std::pow(10.0, 1.0 - 2.0 * options.sensitivity);
  std::vector<Onset> found;
  for (Frames i = 0; i < static_cast<Frames>(strength.size()); ++i) {
    if (!is_peak(strength, i, threshold)) continue;
    const double time = static_cast<double>(i) / frames_per_second;
    // A whole number of frames apart: half a frame keeps rounding out of the comparison.
    if (!found.empty() && time - found.back().time < options.minimum_distance + 0.5 / frames_per_second) continue;
    found.push_back({time, strength[static_cast<std::size_t>(i)]});
  }
  return found;
}

std::vector<Onset> onsets(const AudioView& audio, const OnsetOptions& options) {
  OnsetDetector detector(audio.rate());
  detector.add(to_mono(audio));
  detector.finish();
  return onsets(detector.strength(), options);
}

}  // namespace sfa::analysis
