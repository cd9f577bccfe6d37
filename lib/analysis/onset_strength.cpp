#include "sfa/analysis/onset_strength.hpp"

#include <algorithm>
#include <numeric>

#include "sfa/audio/error.hpp"

namespace sfa::analysis {

BandFlux::BandFlux(int bands, SuperFlux options)
    : bands_(bands), reach_(options.max_filter_bins / 2) {
  if (bands < 1 || options.lag_frames < 1 || options.max_filter_bins < 1 || options.max_filter_bins % 2 == 0)
    throw Error(Error::Kind::invalid_argument, "onset strength needs a lag >= 1 and an odd maximum filter");
  past_.assign(static_cast<std::size_t>(options.lag_frames), std::vector<float>(static_cast<std::size_t>(bands)));
  rise_.resize(static_cast<std::size_t>(bands));
}

std::span<const float> BandFlux::next(std::span<const float> frame) {
  auto& then = past_[position_];
  position_ = (position_ + 1) % past_.size();
  for (std::size_t b = 0; b < rise_.size(); ++b) rise_[b] = std::max(0.0F, frame[b] - then[b]);
  for (int b = 0; b < bands_; ++b) {
    const auto from = frame.begin() + std::max(0, b - reach_), to = frame.begin() + std::min(bands_, b + reach_ + 1);
    then[static_cast<std::size_t>(b)] = *std::max_element(from, to);
  }
  return rise_;
}

std::vector<float> onset_strength(const BandSpectrogram& bands, SuperFlux options) {
  std::vector<float> strength;
  if (bands.frames == 0) return strength;
  BandFlux flux(bands.bands, options);
  strength.reserve(static_cast<std::size_t>(bands.frames));
  for (Frames i = 0; i < bands.frames; ++i) {
    const auto rise = flux.next(bands.row(i));
    strength.push_back(std::accumulate(rise.begin(), rise.end(), 0.0F));
  }
  return strength;
}

void forget_end(std::span<float> strength, std::size_t frames) {
  if (strength.size() > frames) std::ranges::fill(strength.last(frames), 0.0F);
}

}  // namespace sfa::analysis
