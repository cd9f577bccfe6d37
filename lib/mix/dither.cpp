#include "sfa/mix/dither.hpp"

#include <algorithm>
#include <cmath>

#include "sfa/audio/error.hpp"

namespace sfa::mix {

Dither::Dither(int bits, int channels, std::uint64_t seed) : scale_(std::ldexp(1.0, bits - 1)) {
  if (bits < 8 || bits > 24 || channels < 1)
    throw Error(Error::Kind::invalid_argument, "dither is for 8 to 24 bits and at least one channel");
  for (int c = 0; c < channels; ++c) random_.emplace_back(seed, static_cast<std::uint64_t>(c));
}

void Dither::apply(AudioBuffer& block) {
  for (Frames n = 0; n < block.frames(); ++n) {
    const auto at = static_cast<std::size_t>(n);
    bool silent = true;
    for (int c = 0; c < block.channels(); ++c) silent = silent && block.channel(c)[at] == 0.0F;
    zeros_ = silent ? zeros_ + 1 : 0;
    for (int c = 0; c < block.channels(); ++c) {
      auto& random = random_[static_cast<std::size_t>(c)];
      const double noise = random.uniform() - random.uniform();
      if (zeros_ > hold_frames) continue;
      auto& sample = block.channel(c)[at];
      const double rounded = std::floor(static_cast<double>(sample) * scale_ + noise + 0.5);
      sample = static_cast<float>(std::clamp(rounded, -scale_, scale_ - 1.0) / scale_);
    }
  }
}

}  // namespace sfa::mix
