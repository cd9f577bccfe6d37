#include "sfa/analysis/beat_activation.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

namespace sfa::analysis {
namespace {

// Bass drum and bass mark the beat more reliably than what lies above.
constexpr float low_weight = 2.0F;

// The surroundings that a moment is compared with, to either side.
constexpr Frames reach = 2 * BandSpectrogram::frames_per_second;

// Surroundings are never taken as weaker than this part of the whole's loudest, lest the hiss of a
// pause become beats.
constexpr float floor_part = 0.02F;

void add_normalised(std::vector<float>& sum, std::span<const float> values, float weight) {
  const double count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0.0;
  for (const float value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / count);
  if (deviation < 1e-6) return;
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * values[i] / static_cast<float>(deviation);
}

/// The maximum of the values up to `reach` frames away, in linear time: `rising` holds the positions
/// that may yet be a maximum, highest first.
std::vector<float> local_maximum(std::span<const float> values) {
  const auto count = static_cast<Frames>(values.size());
  const auto at = [&](Frames i) { return values[static_cast<std::size_t>(i)]; };
  std::vector<float> maximum(values.size());
  std::deque<Frames> rising;
  for (Frames i = 0; i < count + reach; ++i) {
    if (i < count) {
      while (!rising.empty() && at(rising.back()) <= at(i)) rising.pop_back();
      rising.push_back(i);
    }
    const Frames centre = i - reach;
    if (centre < 0) continue;
    while (rising.front() < centre - reach) rising.pop_front();
    maximum[static_cast<std::size_t>(centre)] = at(rising.front());
  }
  return maximum;
}

}  // namespace

BeatActivation::BeatActivation(int bands) : flux_(bands), split_(static_cast<std::size_t>(bands) / 4) {}

void BeatActivation::add(std::span<const float> bands) {
  const auto rise = flux_.next(bands);
  const auto middle = rise.begin() + static_cast<std::ptrdiff_t>(split_);
  low_.push_back(std::accumulate(rise.begin(), middle, 0.0F));
  high_.push_back(std::accumulate(middle, rise.end(), 0.0F));
}

void BeatActivation::drop(Frames count) {
  low_.erase(low_.begin(), low_.begin() + count);
  high_.erase(high_.begin(), high_.begin() + count);
}

std::vector<float> BeatActivation::values() const {
  std::vector<float> sum(low_.size());
  if (sum.empty()) return sum;
  add_normalised(sum, low_, low_weight);
  add_normalised(sum, high_, 1.0F);
  forget_end(sum);
  const float highest = *std::ranges::max_element(sum);
  if (highest <= 0.0F) return sum;
  const auto surroundings = local_maximum(sum);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const float part = sum[i] / std::max(surroundings[i], floor_part * highest);
    sum[i] = part * part;
  }
  return sum;
}

std::vector<float> beat_activation(const BandSpectrogram& bands) {
  if (bands.frames == 0) return {};
  BeatActivation activation(bands.bands);
  for (Frames i = 0; i < bands.frames; ++i) activation.add(bands.row(i));
  return activation.values();
}

}  // namespace sfa::analysis
