#include "sfa/analysis/spectral_shape.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sfa::analysis {

namespace {

constexpr float rolloff_share = 0.85F;
constexpr double least_power = 1e-10;

}  // namespace

double spectral_centroid(std::span<const float> magnitudes, double bin_hz) {
  double sum = 0.0, weighted = 0.0;
  for (std::size_t k = 0; k < magnitudes.size(); ++k) {
    sum += double{magnitudes[k]};
    weighted += static_cast<double>(k) * double{magnitudes[k]};
  }
  return sum > 0.0 ? bin_hz * weighted / sum : 0.0;
}

double spectral_bandwidth(std::span<const float> magnitudes, double bin_hz, double centroid_hz) {
  const double centre = centroid_hz / bin_hz;
  double sum = 0.0, weighted = 0.0;
  for (std::size_t k = 0; k < magnitudes.size(); ++k) {
    const double distance = static_cast<double>(k) - centre;
    sum += double{magnitudes[k]};
    weighted += distance * distance * double{magnitudes[k]};
  }
  return sum > 0.0 ? bin_hz * std::sqrt(weighted / sum) : 0.0;
}

double spectral_rolloff(std::span<const float> magnitudes, double bin_hz) {
  // Single precision on purpose: where a bin is just the one, rounding decides, and so it is librosa's bin.
  const float threshold = rolloff_share * std::accumulate(magnitudes.begin(), magnitudes.end(), 0.0F);
  float sum = 0.0F;
  for (std::size_t k = 0; k < magnitudes.size(); ++k)
    if ((sum += magnitudes[k]) >= threshold) return bin_hz * static_cast<double>(k);
  return 0.0;
}

double spectral_flatness(std::span<const float> magnitudes) {
  // Products of a few values take one logarithm: a power lies between 1e-10 and 1e24 or so.
  constexpr std::size_t together = 8;
  double sum = 0.0, logarithms = 0.0;
  for (std::size_t begin = 0; begin < magnitudes.size(); begin += together) {
    double product = 1.0;
    for (const float magnitude : magnitudes.subspan(begin, std::min(together, magnitudes.size() - begin))) {
      const double power = std::max(least_power, double{magnitude} * double{magnitude});
      sum += power;
      product *= power;
    }
    logarithms += std::log(product);
  }
  const auto count = static_cast<double>(magnitudes.size());
  return count > 0.0 ? std::exp(logarithms / count) / (sum / count) : 0.0;
}

double spectral_flux(std::span<const float> magnitudes, std::span<const float> before) {
  double sum = 0.0;
  for (std::size_t k = 0; k < magnitudes.size(); ++k)
    sum += double{std::max(0.0F, magnitudes[k] - before[k])};
  return sum;
}

}  // namespace sfa::analysis
