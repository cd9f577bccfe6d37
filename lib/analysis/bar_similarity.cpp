#include "bar_similarity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sfa::analysis {
namespace {

// Marmoret, Cohen and Bimbot 2022 compare single features; joined so they did best on generated songs.
constexpr float pitch_weight = 0.3F, timbre_weight = 0.4F, energy_weight = 0.3F;
constexpr std::size_t around = 256;  // bars before and after that tell what is usual
constexpr float lowest_energy_db = -60.0F;
constexpr float energy_spread = 4.0F;  // of the Gaussian that a distance is put through

constexpr std::size_t pitches = 24;
constexpr std::size_t timbres = BeatFeatures::timbre_bands;

/// Takes from each of the rows of `width` values the mean of those around it, and gives it the length 1.
void centre(std::vector<float>& rows, std::size_t width) {
  const auto count = rows.size() / width;
  auto centred = rows;
  std::vector<double> sum(width, 0.0);
  std::size_t first = 0, last = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (; last < std::min(count, i + around + 1); ++last)
      for (std::size_t k = 0; k < width; ++k) sum[k] += static_cast<double>(rows[last * width + k]);
    for (; first + around < i; ++first)
      for (std::size_t k = 0; k < width; ++k) sum[k] -= static_cast<double>(rows[first * width + k]);
    auto* row = centred.data() + i * width;
    double square = 0.0;
    for (std::size_t k = 0; k < width; ++k) {
      const double value = static_cast<double>(row[k]) - sum[k] / static_cast<double>(last - first);
      row[k] = static_cast<float>(value);
      square += value * value;
    }
    const auto scale = square > 1e-9 ? 1.0F / static_cast<float>(std::sqrt(square)) : 0.0F;
    for (std::size_t k = 0; k < width; ++k) row[k] *= scale;
  }
  rows = std::move(centred);
}

float product(const std::vector<float>& rows, std::size_t width, std::size_t a, std::size_t b) {
  const auto* x = rows.data() + a * width;
  const auto* y = rows.data() + b * width;
  std::array<float, 8> sums{};  // apart, so that the loop runs eight at a time
  for (std::size_t k = 0; k < width; k += sums.size())
    for (std::size_t l = 0; l < sums.size(); ++l) sums[l] += x[k + l] * y[k + l];
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

std::array<float, 4> energy_of(const BeatFeatures& f) {
  return {std::max(f.low_db, lowest_energy_db), std::max(f.power_db, lowest_energy_db), f.onsets, f.low_onsets};
}

/// Each measure's deviation over the song, and not less than what is no difference to speak of.
std::array<float, 4> deviations(std::span<const BeatFeatures> features) {
  constexpr std::array<double, 4> least{1.0, 1.0, 1e-3, 1e-3};  // dB, dB, strength
  std::array<double, 4> sum{}, squares{};
  for (const auto& f : features) {
    const auto energy = energy_of(f);
    for (std::size_t k = 0; k < 4; ++k) {
      sum[k] += static_cast<double>(energy[k]);
      squares[k] += static_cast<double>(energy[k]) * static_cast<double>(energy[k]);
    }
  }
  std::array<float, 4> result{};
  const auto count = static_cast<double>(std::max<std::size_t>(features.size(), 1));
  for (std::size_t k = 0; k < 4; ++k)
    result[k] = static_cast<float>(
        std::sqrt(std::max(least[k] * least[k], squares[k] / count - sum[k] * sum[k] / count / count)));
  return result;
}

}  // namespace

BarSimilarity::BarSimilarity(std::span<const BeatFeatures> features, std::span<const Bar> bars)
    : energies_(bars.size()) {
  const auto deviation = deviations(features);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto length = bars[i].end - bars[i].begin;
    for (std::size_t slot = 0; slot < slots; ++slot) {
      const auto& f = features[bars[i].begin + (2 * slot + 1) * length / (2 * slots)];
      for (const auto* chroma : {&f.chroma, &f.bass_chroma})
        for (const float value : *chroma) pitches_.push_back(std::sqrt(std::max(0.0F, value)));
      timbres_.insert(timbres_.end(), f.bands.begin(), f.bands.end());
      const auto measures = energy_of(f);
      for (std::size_t k = 0; k < energy_measures; ++k)
        energies_[i][k] += measures[k] / deviation[k] / static_cast<float>(slots);
    }
  }
  centre(pitches_, slots * pitches);
  centre(timbres_, slots * timbres);
}

float BarSimilarity::pitch(std::size_t a, std::size_t b) const { return product(pitches_, slots * pitches, a, b); }

float BarSimilarity::timbre(std::size_t a, std::size_t b) const {
  return product(timbres_, slots * timbres, a, b);
}

float BarSimilarity::energy(std::size_t a, std::size_t b) const {
  float distance = 0.0F;
  for (std::size_t k = 0; k < energy_measures; ++k) {
    const float d = energies_[a][k] - energies_[b][k];
    distance += d * d;
  }
  return 2.0F * std::exp(-distance / energy_spread) - 1.0F;
}

float BarSimilarity::joined(float pitch, float timbre, float energy) {
  return pitch_weight * pitch + timbre_weight * timbre + energy_weight * energy;
}

float BarSimilarity::operator()(std::size_t a, std::size_t b) const {
  return joined(pitch(a, b), timbre(a, b), energy(a, b));
}

}  // namespace sfa::analysis
