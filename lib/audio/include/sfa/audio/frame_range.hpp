// A half-open range of frames: `begin` belongs to it, `end` does not.
#pragma once
#include <algorithm>

#include "sfa/audio/units.hpp"

namespace sfa {

struct FrameRange {
  Frames begin = 0;
  Frames end = 0;

  [[nodiscard]] constexpr Frames size() const { return end > begin ? end - begin : 0; }
  [[nodiscard]] constexpr bool empty() const { return end <= begin; }
  [[nodiscard]] constexpr bool contains(Frames frame) const { return begin <= frame && frame < end; }
  friend constexpr bool operator==(FrameRange, FrameRange) = default;
};

/// What two ranges share; empty where they do not meet.
[[nodiscard]] constexpr FrameRange intersect(FrameRange a, FrameRange b) {
  const FrameRange both{std::max(a.begin, b.begin), std::min(a.end, b.end)};
  return both.empty() ? FrameRange{both.begin, both.begin} : both;
}

}  // namespace sfa
