#include <algorithm>

#include "players.hpp"

namespace sfa::rules {
namespace {

// The map has a fixed point at 0, and rounding could take x there; it is kept this far from it and from 1.
constexpr double edge = 0x1p-40;

}  // namespace

ChaosPlayer make_player(const Chaos& mode, const Voice&, const Material&, const Stream& stream) {
  return {mode, std::clamp(stream.at(0).uniform(first_chaos_draw), edge, 1.0 - edge)};
}

void ChaosPlayer::step(const Step& step, std::vector<Hit>& out) {
  const std::size_t count = step.material.slices.size();
  const auto beyond = static_cast<std::size_t>(map.amount * x * static_cast<double>(count));
  out.push_back({(step.chooser.next_as(Choice::order, step.material, step.dice) + beyond) % count});
  x = std::clamp(map.r * x * (1.0 - x), edge, 1.0 - edge);
}

}  // namespace sfa::rules
