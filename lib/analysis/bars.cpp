#include "sfa/analysis/bars.hpp"

#include <algorithm>
#include <cmath>

namespace sfa::analysis {
namespace {

constexpr std::size_t longest_bar = 8;  // intervals
constexpr std::size_t block = 4;        // intervals, of what stands in for a bar

/// -1: no beat, 0: a beat of unknown place in its bar.
int position_of(const BeatFeatures& feature, std::span<const Beat> beats) {
  const auto index = static_cast<std::size_t>(feature.beat);
  return feature.beat < 0 || index >= beats.size() ? -1 : beats[index].position;
}

Bar sum_up(std::span<const BeatFeatures> features, std::size_t begin, std::size_t end) {
  Bar bar;
  bar.begin = begin;
  bar.end = end;
  bar.time = features[begin].time;
  double low = 0.0, power = 0.0, onsets = 0.0, low_onsets = 0.0;
  for (const auto& f : features.subspan(begin, end - begin)) {
    bar.duration += f.duration;
    low += f.duration * std::pow(10.0, static_cast<double>(f.low_db) / 10.0);
    power += f.duration * std::pow(10.0, static_cast<double>(f.power_db) / 10.0);
    onsets += f.duration * static_cast<double>(f.onsets);
    low_onsets += f.duration * static_cast<double>(f.low_onsets);
  }
  const double length = std::max(bar.duration, 1e-9);
  bar.low_db = static_cast<float>(10.0 * std::log10(std::max(low / length, 1e-12)));
  bar.power_db = static_cast<float>(10.0 * std::log10(std::max(power / length, 1e-12)));
  bar.onsets = static_cast<float>(onsets / length);
  bar.low_onsets = static_cast<float>(low_onsets / length);
  return bar;
}

}  // namespace

std::vector<Bar> find_bars(std::span<const BeatFeatures> features, std::span<const Beat> beats) {
  std::vector<Bar> bars;
  int number = 0;
  for (std::size_t begin = 0; begin < features.size();) {
    const int first = position_of(features[begin], beats);
    const bool known = first == 1;
    const auto most = std::min(features.size(), begin + (known ? longest_bar : block));
    auto end = begin + 1;
    for (; end < most; ++end) {
      const int position = position_of(features[end], beats);
      if (position == 1 || (position < 0) != (first < 0)) break;
    }
    bars.push_back(sum_up(features, begin, end));
    bars.back().known = known;
    if (known) bars.back().confidence = beats[static_cast<std::size_t>(features[begin].beat)].confidence;
    bars.back().number = number;
    number += known ? 1 : 0;
    begin = end;
  }
  return bars;
}

}  // namespace sfa::analysis
