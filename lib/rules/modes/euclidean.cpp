#include "players.hpp"
#include "sfa/rules/euclid.hpp"

namespace sfa::rules {

EuclideanPlayer make_player(const Euclidean& mode, const Voice&, const Material&, const Stream&) {
  auto rhythm = euclid({mode.pulses, mode.steps, mode.rotation});
  if (mode.inverted) rhythm.flip();
  return {std::make_shared<const std::vector<bool>>(std::move(rhythm))};
}

void EuclideanPlayer::step(const Step& step, std::vector<Hit>& out) {
  if ((*rhythm)[static_cast<std::size_t>(step.position) % rhythm->size()])
    out.push_back({step.chooser.next(step.material, step.dice)});
}

}  // namespace sfa::rules
