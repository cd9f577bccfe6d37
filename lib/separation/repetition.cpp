#include "sfa/separation/repetition.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sfa/audio/error.hpp"

namespace sfa::separation {
namespace {

constexpr std::size_t groups = 96;

// Each frame's magnitudes in groups of bins that widen with frequency, as a vector of length 1.
std::vector<float> features_of(const Magnitudes& mix) {
  std::vector<std::size_t> group(static_cast<std::size_t>(mix.bins));
  for (std::size_t bin = 0; bin < group.size(); ++bin) {
    const double place = std::log1p(static_cast<double>(bin)) / std::log1p(static_cast<double>(mix.bins));
    group[bin] = static_cast<std::size_t>(place * groups);
  }
  std::vector<float> features(static_cast<std::size_t>(mix.frames) * groups);
  for (Frames frame = 0; frame < mix.frames; ++frame) {
    const std::span feature(features.data() + static_cast<std::size_t>(frame) * groups, groups);
    const auto row = mix.row(frame);
    for (std::size_t bin = 0; bin < row.size(); ++bin) feature[group[bin]] += row[bin];
    const float length = std::sqrt(std::inner_product(feature.begin(), feature.end(), feature.begin(), 0.0F));
    if (length > 0.0F) std::ranges::for_each(feature, [length](float& x) { x /= length; });
  }
  return features;
}

float cosine(const float* a, const float* b) {
  float lanes[8] = {};  // eight sums side by side, so that the compiler can use vector registers
  for (std::size_t i = 0; i < groups; i += 8)
    for (std::size_t lane = 0; lane < 8; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  return std::accumulate(std::begin(lanes), std::end(lanes), 0.0F);
}

// The frames most like `frame`, itself first, no two nearer than the options allow.
std::vector<Frames> similar_frames(const std::vector<float>& features, Frames frame, const Repetition& options) {
  const auto frames = static_cast<Frames>(features.size() / groups);
  std::vector<std::pair<float, Frames>> order(static_cast<std::size_t>(frames));
  const float* own = features.data() + static_cast<std::size_t>(frame) * groups;
  for (Frames i = 0; i < frames; ++i) {
    const float likeness = i == frame ? 2.0F : cosine(own, features.data() + static_cast<std::size_t>(i) * groups);
    order[static_cast<std::size_t>(i)] = {-likeness, i};
  }
  std::ranges::sort(order);
  std::vector<Frames> chosen;
  for (const auto& [unlikeness, candidate] : order) {
    const bool apart = std::ranges::all_of(
        chosen, [&, c = candidate](Frames other) { return std::abs(c - other) >= options.distance; });
    if (apart) chosen.push_back(candidate);
    if (chosen.size() == static_cast<std::size_t>(options.count)) break;
  }
  return chosen;
}

}  // namespace

Magnitudes repeating_mask(const Magnitudes& mix, const Repetition& options) {
  if (options.count < 1 || options.distance < 1)
    throw Error(Error::Kind::invalid_argument, "repetition needs a count and a distance of at least 1");
  Magnitudes mask(mix.bins, mix.frames);
  const auto features = features_of(mix);
  std::vector<float> again;
  for (Frames frame = 0; frame < mix.frames; ++frame) {
    const auto similar = similar_frames(features, frame, options);
    const auto own = mix.row(frame);
    const auto out = mask.row(frame);
    again.resize(similar.size());
    for (std::size_t bin = 0; bin < own.size(); ++bin) {
      std::ranges::transform(similar, again.begin(), [&](Frames other) { return mix.row(other)[bin]; });
      const auto middle = again.begin() + static_cast<std::ptrdiff_t>(again.size() / 2);
      std::ranges::nth_element(again, middle);
      out[bin] = own[bin] > 0.0F ? std::min(*middle, own[bin]) / own[bin] : 1.0F;
    }
  }
  return mask;
}

}  // namespace sfa::separation
