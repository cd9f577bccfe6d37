#include "sfa/analysis/mel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "dot.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::analysis {
namespace {

// Slaney 1998: 15 mel for each kHz up to 1 kHz, then 27 mel for each factor of 6.4.
constexpr double linear_hz = 200.0 / 3.0, corner_hz = 1000.0, corner_mel = corner_hz / linear_hz;
const double log_step = std::log(6.4) / 27.0;

double to_mel(double hz, MelScale scale) {
  if (scale == MelScale::htk) return 2595.0 * std::log10(1.0 + hz / 700.0);
  return hz < corner_hz ? hz / linear_hz : corner_mel + std::log(hz / corner_hz) / log_step;
}

double from_mel(double mel, MelScale scale) {
  if (scale == MelScale::htk) return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0);
  return mel < corner_mel ? mel * linear_hz : corner_hz * std::exp((mel - corner_mel) * log_step);
}

}  // namespace

MelBank::MelBank(SampleRate rate, int size_frames, MelScale scale) {
  const double bin_hz = static_cast<double>(rate.hz) / size_frames;
  const auto bins = static_cast<std::size_t>(size_frames / 2 + 1);
  const double top_mel = to_mel(0.5 * rate.hz, scale);
  const auto corner = [&](int i) { return from_mel(top_mel * i / (bands + 1), scale); };
  for (int band = 0; band < bands; ++band) {
    const double low = corner(band), centre = corner(band + 1), high = corner(band + 2);
    const double area = 2.0 / (high - low);
    const auto first = static_cast<std::size_t>(std::max(0.0, std::floor(low / bin_hz)));
    std::vector<float> weights;
    for (std::size_t k = first; k < bins && static_cast<double>(k) * bin_hz < high; ++k) {
      const double hz = static_cast<double>(k) * bin_hz;
      weights.push_back(static_cast<float>(
          area * std::max(0.0, std::min((hz - low) / (centre - low), (high - hz) / (high - centre)))));
    }
    bands_.push_back({first, std::move(weights)});
  }
}

void MelBank::apply(std::span<const float> power, std::span<float> mel) const {
  for (std::size_t band = 0; band < bands_.size(); ++band) {
    const auto& [first, weights] = bands_[band];
    mel[band] = dot(weights.data(), power.data() + first, weights.size());
  }
}

MelCepstrum::MelCepstrum(int coefficients) {
  constexpr int bands = MelBank::bands;
  if (coefficients < 1 || coefficients > bands)
    throw Error(Error::Kind::invalid_argument,
                std::to_string(coefficients) + " MFCC are not 1 to " + std::to_string(bands));
  for (int k = 0; k < coefficients; ++k)
    for (int n = 0; n < bands; ++n)
      cosines_.push_back(static_cast<float>(std::sqrt((k == 0 ? 1.0 : 2.0) / bands) *
                                            std::cos(std::numbers::pi * k * (2 * n + 1) / (2.0 * bands))));
}

void MelCepstrum::apply(std::span<const float> mel_db, std::span<float> coefficients) const {
  const float* cosines = cosines_.data();
  for (auto& coefficient : coefficients) {
    coefficient = dot(cosines, mel_db.data(), mel_db.size());
    cosines += mel_db.size();
  }
}

}  // namespace sfa::analysis
