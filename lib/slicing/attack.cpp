#include "sfa/slicing/attack.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace sfa::slicing {
namespace {

constexpr Seconds before{0.025}, after{0.020};  // half the window of an onset detector
constexpr double blocks_per_second = 2000.0;
constexpr std::size_t quiet_blocks = 20;        // 10 ms, half a period of 50 Hz: a low note is no row of attacks
constexpr std::size_t rise_blocks = 10;         // 5 ms
constexpr double floor_ratio = 1e-3;            // of the energy: 30 dB below the window's peak is quiet
constexpr double derivative_unity_hz = 1000.0;  // above it the derivative counts for more than the signal
constexpr double least_rise = 1.5;              // of the energy
constexpr double near_best = 0.8;               // of the logarithm of the best rise

std::vector<double> block_energies(std::span<const float> signal, SampleRate rate, FrameRange range,
                                   Frames block) {
  const double slope = rate.hz / (2.0 * std::numbers::pi * derivative_unity_hz);
  std::vector<double> energies;
  energies.reserve(static_cast<std::size_t>(range.size() / block + 1));
  float last = signal[static_cast<std::size_t>(std::max<Frames>(range.begin - 1, 0))];
  for (Frames begin = range.begin; begin < range.end; begin += block) {
    double energy = 0.0;
    for (Frames i = begin; i < std::min(begin + block, range.end); ++i) {
      const float value = signal[static_cast<std::size_t>(i)];
      const double derivative = slope * (value - last);
      energy += double{value} * value + derivative * derivative;
      last = value;
    }
    energies.push_back(energy);
  }
  return energies;
}

double highest(const std::vector<double>& values, std::size_t from, std::size_t to) {
  double most = 0.0;
  for (std::size_t i = from; i < std::min(to, values.size()); ++i) most = std::max(most, values[i]);
  return most;
}

}  // namespace

Frames attack_start(std::span<const float> signal, SampleRate rate, Frames onset, FrameRange bounds) {
  const auto block = std::max<Frames>(1, std::llround(rate.hz / blocks_per_second));
  const auto range = intersect(bounds, {onset - to_frames(before, rate), onset + to_frames(after, rate)});
  const Frames fallback = std::clamp(onset, bounds.begin, std::max(bounds.begin, bounds.end - 1));
  if (range.empty()) return fallback;

  // What came before the range is needed to know whether it was quiet; before the signal it was.
  const Frames lead = std::min(Frames{quiet_blocks}, range.begin / block);
  const auto energies = block_energies(signal, rate, {range.begin - lead * block, range.end}, block);
  const double floor = floor_ratio * highest(energies, 0, energies.size());
  if (floor <= 0.0) return fallback;
  std::vector<double> rises(energies.size());
  for (auto i = static_cast<std::size_t>(lead); i < energies.size(); ++i) {
    const double quiet = highest(energies, i > quiet_blocks ? i - quiet_blocks : 0, i);
    const double loud = highest(energies, i, i + rise_blocks);
    rises[i] = std::log((loud + floor) / (quiet + floor));
  }
  const double best = *std::ranges::max_element(rises);
  if (best < std::log(least_rise)) return fallback;
  // Of the blocks that see about the same rise, the last stands right before it.
  const auto last =
      std::find_if(rises.rbegin(), rises.rend(), [&](double rise) { return rise >= near_best * best; });
  return range.begin + block * (rises.rend() - last - 1 - lead);
}

Frames attack_centre(std::span<const float> signal, SampleRate rate, Frames start) {
  const auto block = std::max<Frames>(1, std::llround(rate.hz / blocks_per_second));
  const auto end = std::min(static_cast<Frames>(signal.size()), start + static_cast<Frames>(rise_blocks) * block);
  if (start < 0 || start >= end) return start;
  double sum = 0.0, moment = 0.0, index = 0.0;
  for (const double energy : block_energies(signal, rate, {start, end}, block)) {
    sum += energy;
    moment += energy * index;
    index += 1.0;
  }
  return sum > 0.0 ? start + std::llround(moment / sum * static_cast<double>(block)) : start;
}

}  // namespace sfa::slicing
