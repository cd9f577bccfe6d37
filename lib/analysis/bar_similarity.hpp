// How alike two bars sound: in pitches, timbre and energy.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "sfa/analysis/bars.hpp"

namespace sfa::analysis {

/// Pitches and timbre of a bar are taken at four places in it, and compared by the cosine of their
/// deviations from what is usual in the minutes around, so that what all bars share does not count;
/// energy by the distance of its measures, each divided by its deviation.
class BarSimilarity {
 public:
  BarSimilarity(std::span<const BeatFeatures> features, std::span<const Bar> bars);

  // -1 to 1, 1 for the same.
  [[nodiscard]] float pitch(std::size_t a, std::size_t b) const;
  [[nodiscard]] float timbre(std::size_t a, std::size_t b) const;
  [[nodiscard]] float energy(std::size_t a, std::size_t b) const;
  /// All three joined.
  [[nodiscard]] float operator()(std::size_t a, std::size_t b) const;
  [[nodiscard]] static float joined(float pitch, float timbre, float energy);

 private:
  static constexpr std::size_t slots = 4;
  static constexpr std::size_t energy_measures = 4;

  std::vector<float> pitches_, timbres_;  // of each bar a row of length 1, or of zeros
  std::vector<std::array<float, energy_measures>> energies_;
};

}  // namespace sfa::analysis
