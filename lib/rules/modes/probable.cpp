#include "players.hpp"

namespace sfa::rules {

ProbablePlayer make_player(const Probable& mode, const Voice& voice, const Material&, const Stream&) {
  return {mode.probability.value, !voice.weights.empty() && voice.choice == Choice::order};
}

void ProbablePlayer::step(const Step& step, std::vector<Hit>& out) {
  if (!(step.dice.uniform(sounding_draw) < probability)) return;
  out.push_back(
      {step.chooser.next_as(by_weight ? Choice::weighted : step.chooser.choice(), step.material, step.dice)});
}

}  // namespace sfa::rules
