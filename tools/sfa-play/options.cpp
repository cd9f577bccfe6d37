#include "options.hpp"

namespace sfa::play {

std::vector<engine::Action> first_actions(const Material& material, const Options& options) {
  std::vector<engine::Action> actions{engine::SetGain{to_gain({options.gain_db})}};
  for (const auto& word : options.mute) actions.emplace_back(engine::SetMute{track_called(material, word), true});
  for (const auto& word : options.solo) actions.emplace_back(engine::SetSolo{track_called(material, word), true});
  return actions;
}

}  // namespace sfa::play
