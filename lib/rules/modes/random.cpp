#include "players.hpp"

namespace sfa::rules {

RandomPlayer make_player(const RandomMode& mode, const Voice& voice, const Material&, const Stream&) {
  if (voice.choice != Choice::order) return {voice.choice};
  return {mode.repeats == RandomMode::Repeats::repeat ? Choice::random : Choice::no_repeat};
}

void RandomPlayer::step(const Step& step, std::vector<Hit>& out) {
  out.push_back({step.chooser.next_as(choice, step.material, step.dice)});
}

}  // namespace sfa::rules
