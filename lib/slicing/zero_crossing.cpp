#include "sfa/slicing/zero_crossing.hpp"

#include <algorithm>

namespace sfa::slicing {
namespace {

double sum_at(const AudioView& audio, Frames frame) {
  double sum = 0.0;
  for (int c = 0; c < audio.channels(); ++c) sum += audio.channel(c)[static_cast<std::size_t>(frame)];
  return sum;
}

}  // namespace

bool rises_through_zero(const AudioView& audio, Frames frame) {
  return frame == 0 || (sum_at(audio, frame - 1) <= 0.0 && sum_at(audio, frame) >= 0.0);
}

Frames snap_to_zero(const AudioView& audio, Frames frame, SnapReach reach) {
  for (Frames distance = 0; distance <= std::max(reach.before, reach.after); ++distance) {
    const Frames left = frame - distance, right = frame + distance;
    if (distance <= reach.before && left >= 0 && rises_through_zero(audio, left)) return left;
    if (distance <= reach.after && right < audio.frames() && rises_through_zero(audio, right)) return right;
  }
  return frame;
}

}  // namespace sfa::slicing
