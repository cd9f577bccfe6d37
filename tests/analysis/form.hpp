// Beat features of made-up songs whose form is known.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "sfa/analysis/bars.hpp"
#include "sfa/analysis/beat_features.hpp"
#include "sfa/audio/random.hpp"

namespace sfa::analysis::form {

struct Part {
  char material = 'A';  // the same chords and timbre for the same letter
  int bars = 8;
  float power_db = -20.0F;
  float low_db = -26.0F;
};

struct Song {
  std::vector<BeatFeatures> features;
  std::vector<Beat> beats;
  [[nodiscard]] std::vector<Bar> bars() const { return find_bars(features, beats); }
  [[nodiscard]] double duration() const {
    return features.empty() ? 0.0 : features.back().time + features.back().duration;
  }
};

/// A beat of a material: a chord of each bar in four, and bands of its own, both with some chance in them.
inline BeatFeatures beat_of(const Part& part, int bar, Random& chance) {
  Random own(static_cast<std::uint64_t>(part.material) * 1000);
  BeatFeatures f;
  for (auto& band : f.bands) band = static_cast<float>(own.uniform(0.2, 1.0) + chance.uniform(-0.1, 0.1));
  std::array<int, 4> roots{};
  for (auto& root : roots) root = static_cast<int>(own.uniform(0.0, 12.0));
  const int root = roots[static_cast<std::size_t>(bar % 4)];
  for (const int step : {0, 4, 7}) f.chroma[static_cast<std::size_t>((root + step) % 12)] = 1.0F / 3.0F;
  f.bass_chroma[static_cast<std::size_t>(root)] = 1.0F;
  f.power_db = part.power_db + static_cast<float>(chance.uniform(-0.5, 0.5));
  f.low_db = part.low_db + static_cast<float>(chance.uniform(-0.5, 0.5));
  f.onsets = 0.02F;
  f.low_onsets = 0.02F;
  return f;
}

/// With `beats_to_bar` 0 no bars are known; with `period` 0.5 s a beat.
inline Song make(const std::vector<Part>& parts, int beats_to_bar = 4, double period = 0.5,
                 std::uint64_t seed = 1) {
  Song song;
  Random chance(seed);
  for (const auto& part : parts)
    for (int bar = 0; bar < part.bars; ++bar)
      for (int beat = 0; beat < std::max(beats_to_bar, 4 * (beats_to_bar == 0)); ++beat) {
        auto f = beat_of(part, bar, chance);
        f.time = period * static_cast<double>(song.features.size());
        f.duration = period;
        f.beat = static_cast<int>(song.beats.size());
        song.beats.push_back({f.time, 1.0, beats_to_bar > 0 ? beat + 1 : 0});
        song.features.push_back(f);
      }
  return song;
}

}  // namespace sfa::analysis::form
