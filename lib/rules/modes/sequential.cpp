#include "players.hpp"

namespace sfa::rules {

SequentialPlayer make_player(const Sequential&, const Voice&, const Material&, const Stream&) { return {}; }

void SequentialPlayer::step(const Step& step, std::vector<Hit>& out) {
  out.push_back({step.chooser.next(step.material, step.dice)});
}

}  // namespace sfa::rules
