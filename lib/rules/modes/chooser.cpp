#include <algorithm>
#include <numeric>

#include "players.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::rules {

Material make_material(const Voice& voice, std::vector<SliceFacts> slices) {
  Material material;
  material.slices = std::move(slices);
  const std::string what = "voice " + voice.name.text;
  if (material.slices.empty()) throw Error(Error::Kind::invalid_argument, what + ": there are no slices to play");
  for (const SliceFacts& slice : material.slices) {
    double weight = 1.0;
    for (const Weight& entry : voice.weights)
      if (entry.what == std::to_string(slice.id) || slice.is(entry.what)) weight = entry.weight;
    material.weights.push_back(weight);
  }
  material.total_weight = std::accumulate(material.weights.begin(), material.weights.end(), 0.0);
  if (!(material.total_weight > 0.0))
    throw Error(Error::Kind::invalid_argument, what + ": no slice has a weight above 0");
  return material;
}

std::size_t weighted(const Material& material, double draw) {
  double left = draw * material.total_weight;
  std::size_t last = 0;
  for (std::size_t i = 0; i < material.weights.size(); ++i) {
    if (!(material.weights[i] > 0.0)) continue;
    if (left < material.weights[i]) return i;
    left -= material.weights[i];
    last = i;
  }
  return last;  // where rounding left the draw behind the end
}

std::size_t Chooser::next(const Material& material, const Dice& dice, std::uint16_t draw) {
  return next_as(choice_, material, dice, draw);
}

std::size_t Chooser::next_as(Choice choice, const Material& material, const Dice& dice, std::uint16_t draw) {
  const std::size_t count = material.slices.size();
  std::size_t chosen = next_ % count;  // the one after the last
  if (choice == Choice::weighted)
    chosen = weighted(material, dice.uniform(draw));
  else if (choice == Choice::random || (choice == Choice::no_repeat && first_))
    chosen = dice.below(draw, count);
  else if (choice == Choice::no_repeat && count > 1)
    chosen = (next_ + dice.below(draw, count - 1)) % count;  // any of the others
  first_ = false;
  next_ = (chosen + 1) % count;
  return chosen;
}

}  // namespace sfa::rules
