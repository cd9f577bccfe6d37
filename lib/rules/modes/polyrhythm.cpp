#include <numeric>

#include "players.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::rules {

int common_steps(const Polyrhythm& mode) {
  constexpr std::int64_t most = 16384;
  std::int64_t steps = 1;
  for (const int pulses : mode.pulses) {
    steps = std::lcm(steps, static_cast<std::int64_t>(pulses));
    if (steps > most)
      throw Error(Error::Kind::invalid_argument, "the pulses have no common grid of up to 16384 steps");
  }
  return static_cast<int>(steps);
}

PolyrhythmPlayer make_player(const Polyrhythm& mode, const Voice&, const Material&, const Stream&) {
  PolyrhythmPlayer player;
  for (const int pulses : mode.pulses) player.every.push_back(common_steps(mode) / pulses);
  return player;
}

void PolyrhythmPlayer::step(const Step& step, std::vector<Hit>& out) {
  for (std::size_t layer = 0; layer < every.size(); ++layer) {
    if (step.position % every[layer] != 0) continue;
    const auto draw = static_cast<std::uint16_t>(layer_draw + layer);
    out.push_back({step.chooser.choice() == Choice::order ? layer % step.material.slices.size()
                                                          : step.chooser.next(step.material, step.dice, draw)});
  }
}

}  // namespace sfa::rules
