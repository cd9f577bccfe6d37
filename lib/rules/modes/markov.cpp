#include <map>
#include <tuple>

#include "players.hpp"

namespace sfa::rules {

struct MarkovTable {
  std::map<std::vector<int>, std::vector<int>> followers;  // each as often as it follows
  std::vector<std::vector<std::size_t>> slices;            // of each state
};

MarkovPlayer make_player(const Markov& mode, const Voice&, const Material& material, const Stream&) {
  MarkovTable table;
  std::map<std::tuple<std::string, int>, int> numbers;
  std::vector<int> song;
  for (std::size_t i = 0; i < material.slices.size(); ++i) {
    const SliceFacts& slice = material.slices[i];
    const auto state =
        numbers.try_emplace({slice.class_name, slice.note}, static_cast<int>(numbers.size())).first->second;
    if (static_cast<std::size_t>(state) == table.slices.size()) table.slices.emplace_back();
    table.slices[static_cast<std::size_t>(state)].push_back(i);
    song.push_back(state);
  }
  const std::size_t count = song.size(), order = static_cast<std::size_t>(mode.order);
  const auto before = [&](std::size_t place) {
    std::vector<int> past;
    for (std::size_t back = order; back > 0; --back) past.push_back(song[(place + order * count - back) % count]);
    return past;
  };
  for (std::size_t i = 0; i < count; ++i) table.followers[before(i)].push_back(song[i]);
  return {std::make_shared<const MarkovTable>(std::move(table)), before(0)};
}

void MarkovPlayer::step(const Step& step, std::vector<Hit>& out) {
  // Every past that can come about stands somewhere on the circle, and so has followers.
  const auto& followers = table->followers.at(past);
  const int state = followers[step.dice.below(sounding_draw, followers.size())];
  past.erase(past.begin());
  past.push_back(state);
  const auto& slices = table->slices[static_cast<std::size_t>(state)];
  out.push_back({slices[step.dice.below(slice_draw, slices.size())]});
}

}  // namespace sfa::rules
