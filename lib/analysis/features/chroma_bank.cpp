#include "sfa/analysis/chroma_bank.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace sfa::analysis {
namespace {

constexpr int classes = 12;
constexpr double centre_octave = 5.0, octave_width = 2.0;  // over A0, 27.5 Hz
constexpr int from_a_to_c = 3;

/// Each pitch class on each of the six axes. Harte, Sandler and Gasser 2006, equation 2.
std::array<std::array<double, classes>, 6> pitch_class_places() {
  constexpr std::array<double, 3> turns{7.0 / 12, 3.0 / 4, 1.0 / 3}, radii{1.0, 1.0, 0.5};  // of a semitone, of a circle
  std::array<std::array<double, classes>, 6> places{};
  for (std::size_t circle = 0; circle < turns.size(); ++circle)
    for (std::size_t c = 0; c < classes; ++c) {
      const double angle = 2.0 * std::numbers::pi * turns[circle] * static_cast<double>(c);
      places[2 * circle][c] = radii[circle] * std::sin(angle);
      places[2 * circle + 1][c] = radii[circle] * std::cos(angle);
    }
  return places;
}

}  // namespace

ChromaBank::ChromaBank(SampleRate rate, int size_frames, double tuning_semitones) {
  const double a0_hz = 27.5 * std::exp2(tuning_semitones / classes);
  const auto semitone = [&](int bin) {
    return classes * std::log2(static_cast<double>(rate.hz) * bin / size_frames / a0_hz);
  };
  for (int k = 0; k <= size_frames / 2; ++k) {
    // The bin at 0 Hz has no pitch: librosa puts it an octave and a half below the first.
    const double pitch = k == 0 ? semitone(1) - 1.5 * classes : semitone(k);
    const double width = std::max(1.0, semitone(k + 1) - pitch);
    std::array<double, classes> weights{};
    for (int c = 0; c < classes; ++c) {
      const double distance = std::remainder(pitch - (c + from_a_to_c), classes);
      weights[static_cast<std::size_t>(c)] = std::exp(-0.5 * std::pow(2.0 * distance / width, 2));
    }
    const double norm = std::sqrt(std::inner_product(weights.begin(), weights.end(), weights.begin(), 0.0));
    const double octave = std::exp(-0.5 * std::pow((pitch / classes - centre_octave) / octave_width, 2));
    auto& row = weights_.emplace_back();
    std::ranges::transform(weights, row.begin(), [&](double w) { return static_cast<float>(w / norm * octave); });
  }
}

void ChromaBank::apply(std::span<const float> power, std::span<float> chroma) const {
  std::array<float, classes> sums{};
  for (std::size_t k = 0; k < weights_.size(); ++k)
    for (std::size_t c = 0; c < classes; ++c) sums[c] += weights_[k][c] * power[k];
  std::ranges::copy(sums, chroma.begin());
  divide_by_largest(chroma);
}

void divide_by_largest(std::span<float> values) {
  const float largest = std::ranges::max(values);
  if (largest < std::numeric_limits<float>::min()) return;
  for (auto& value : values) value /= largest;
}

std::array<float, 6> tonnetz(std::span<const float> chroma) {
  static const auto places = pitch_class_places();
  const double sum = std::accumulate(chroma.begin(), chroma.end(), 0.0);
  std::array<float, 6> point{};
  if (sum < double{std::numeric_limits<float>::min()}) return point;
  for (std::size_t i = 0; i < point.size(); ++i) {
    const double at = std::inner_product(chroma.begin(), chroma.end(), places[i].begin(), 0.0);
    point[i] = static_cast<float>(at / sum);
  }
  return point;
}

}  // namespace sfa::analysis
