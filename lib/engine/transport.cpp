#include "sfa/engine/transport.hpp"

#include <algorithm>

namespace sfa::engine {

bool sound(const TempoRatio& ratio) noexcept {
  constexpr std::int32_t most = 1'000'000;
  return ratio.numerator >= 1 && ratio.numerator <= most && ratio.denominator >= 1 && ratio.denominator <= most &&
         std::int64_t{16} * ratio.numerator >= ratio.denominator &&
         ratio.numerator <= std::int64_t{16} * ratio.denominator;
}

Frames frames_at(TempoRatio to, Frames frames, TempoRatio from) noexcept {
  if (to == from) return frames;
  const __int128 piece = static_cast<__int128>(frames) * from.numerator * to.denominator;
  const __int128 divisor = static_cast<__int128>(from.denominator) * to.numerator;
  constexpr __int128 longest = __int128{1} << 57;
  return static_cast<Frames>(std::clamp<__int128>((piece + divisor / 2) / divisor, 1, longest));
}

Frames Transport::frames_until(Frames position) const noexcept {
  constexpr Frames farthest = Frames{1} << 57;
  const __int128 way = (static_cast<__int128>(std::min(position, farthest)) << fraction_bits) - begin_;
  if (way <= 0) return 0;
  const __int128 step = static_cast<__int128>(ratio_.numerator) << fraction_bits;
  const auto total = static_cast<Frames>((way * ratio_.denominator + step - 1) / step);
  return std::max<Frames>(0, total - since_);
}

void Transport::jump(Frames position) noexcept {
  begin_ = static_cast<__int128>(position) << fraction_bits;
  since_ = 0;
}

void Transport::move(Frames frames) noexcept {
  begin_ = place(since_) + (static_cast<__int128>(frames) << fraction_bits);
  since_ = 0;
}

void Transport::set_ratio(TempoRatio ratio) noexcept {
  move(0);
  ratio_ = ratio;
}

}  // namespace sfa::engine
