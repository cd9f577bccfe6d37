#include "sfa/analysis/spectral_contrast.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "decibel_rows.hpp"

namespace sfa::analysis {
namespace {

constexpr double lowest_hz = 200.0;
constexpr int octaves = 6;
constexpr double quantile = 0.02;

/// The mean of the `few.size()` values that come first by `before`, which are few: they are kept in order.
template <typename Before>
float mean_of_first(std::span<const float> values, std::span<float> few, Before before) {
  std::ranges::copy(values.first(few.size()), few.begin());
  std::ranges::sort(few, before);
  for (const float value : values.subspan(few.size())) {
    if (!before(value, few.back())) continue;
    auto at = few.end() - 1;
    for (; at != few.begin() && before(value, *(at - 1)); --at) *at = *(at - 1);
    *at = value;
  }
  return std::accumulate(few.begin(), few.end(), 0.0F) / static_cast<float>(few.size());
}

}  // namespace

SpectralContrast::SpectralContrast(SampleRate rate, int size_frames) {
  const double bin_hz = static_cast<double>(rate.hz) / size_frames;
  const auto bins = static_cast<std::size_t>(size_frames / 2 + 1);
  const auto bin_at_or_above = [&](double hz) {
    return std::min(bins - 1, static_cast<std::size_t>(std::ceil(hz / bin_hz)));
  };
  for (int k = 0; k <= octaves; ++k) {
    const double low = k == 0 ? 0.0 : lowest_hz * std::exp2(k - 1), high = lowest_hz * std::exp2(k);
    if (low >= 0.5 * rate.hz) break;
    const bool is_last = k == octaves || high >= 0.5 * rate.hz;
    // The bins from low to high, both ends included, and one below; the one at the top is the next band's, too.
    const auto begin = k == 0 ? std::size_t{0} : std::max(bin_at_or_above(low), std::size_t{1}) - 1;
    auto end = is_last ? bins : static_cast<std::size_t>(std::floor(high / bin_hz)) + 1;
    const auto count = static_cast<double>(end - begin);
    if (k < octaves) --end;
    const auto peak = static_cast<std::size_t>(std::max(1.0, std::nearbyint(quantile * count)));
    few_.resize(std::max(few_.size(), peak));
    bands_.push_back({begin, std::max(end, begin + 1), std::min(peak, std::max(end, begin + 1) - begin)});
  }
}

void SpectralContrast::peaks_and_valleys(std::span<const float> magnitudes, std::span<float> levels_db) {
  for (std::size_t k = 0; k < bands_.size(); ++k) {
    const auto& band = bands_[k];
    const auto values = magnitudes.subspan(band.begin, band.end - band.begin);
    const auto few = std::span(few_).first(band.quantile);
    levels_db[k] = to_level(mean_of_first(values, few, std::greater<float>()));
    levels_db[bands_.size() + k] = to_level(mean_of_first(values, few, std::less<float>()));
  }
}

}  // namespace sfa::analysis
