#include <algorithm>
#include <cmath>

#include "players.hpp"

namespace sfa::rules {

FollowPlayer make_player(const Follow& mode, const Voice&, const Material&, const Stream&) { return {mode}; }

std::size_t FollowPlayer::slice_for(const SliceFacts& other, std::size_t place, const Step& step) const {
  const auto& slices = step.material.slices;
  switch (how.choice) {
    case Follow::Slice::random: return step.chooser.next_as(Choice::random, step.material, step.dice);
    case Follow::Slice::sequential: return step.chooser.next(step.material, step.dice);
    case Follow::Slice::nearest: {
      const auto away = [&](const SliceFacts& slice) { return std::abs(slice.rms_db - other.rms_db); };
      return static_cast<std::size_t>(std::ranges::min_element(slices, {}, away) - slices.begin());
    }
    case Follow::Slice::same: break;
  }
  const auto same = std::ranges::find(slices, other.id, &SliceFacts::id);
  return same != slices.end() ? static_cast<std::size_t>(same - slices.begin()) : place % slices.size();
}

}  // namespace sfa::rules
