// Dither at the last conversion to integers: noise of triangular distribution, two steps peak to
// peak, before rounding. The error then has mean 0 and variance step^2 / 4 whatever the signal, and
// no harmonics of it.
// Lipshitz, Wannamaker and Vanderkooy, "Quantization and dither: a theoretical survey",
// JAES 40(5), 1992, section 4.2 (nonsubtractive, triangular).
#pragma once
#include <cstdint>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/random.hpp"

namespace sfa::mix {

class Dither {
 public:
  /// `bits` 8 to 24, `channels` >= 1. Each channel has a noise of its own. Throws Error::invalid_argument.
  Dither(int bits, int channels, std::uint64_t seed);

  /// Dithers and rounds the next block in place: every sample becomes a multiple of 2^(1 - bits)
  /// within -1 to 1 - 2^(1 - bits), which a writer of `bits` bits keeps exactly. Digital silence stays it: after
  /// `hold_frames` frames of zeros in all channels (and before the first other sample) nothing is added.
  void apply(AudioBuffer& block);

  static constexpr Frames hold_frames = 4096;

 private:
  double scale_;
  std::vector<Random> random_;
  Frames zeros_ = hold_frames;  // frames of zeros up to here
};

}  // namespace sfa::mix
