#include <algorithm>
#include <cstdio>

#include "program.hpp"

namespace sfa::rules {
namespace {

std::string explained(const std::string& who, double draw, double probability, bool below) {
  char text[64];
  std::snprintf(text, sizeof text, ": %.3f %s %.3f", draw, below ? "<" : ">=", probability);
  return who + text;
}

/// One rule on one event.
class Asking {
 public:
  Asking(const BoundRule& bound, Draft& draft, const Moment& moment, std::uint64_t key)
      : rule_(*bound.rule),
        draft_(draft),
        moment_(moment),
        dice_(bound.stream.at(key)),
        probability_(moment.controls.probabilities[bound.number]) {}

  /// Whether it fired.
  bool operator()(bool pre) {
    if (!holds(rule_.when, draft_, moment_, dice_, pre) || !fires()) return false;
    bool changed = false;
    for (std::size_t i = 0; i < rule_.actions.size(); ++i) {
      const auto draw = static_cast<std::uint16_t>(first_action_draw + 2 * i);
      if (!happens(rule_.actions[i], draw)) continue;
      change(rule_.actions[i].change, draft_, moment_, dice_, static_cast<std::uint16_t>(draw + 1));
      changed = true;
    }
    return changed;
  }

 private:
  bool fires() {
    const double draw = dice_.uniform(own_draw);
    const bool result = draw < probability_;
    if (moment_.explain && probability_ < 1.0)
      tell(explained(rule_.id + (result ? " fired" : " did not fire"), draw, probability_, result));
    else if (moment_.explain)
      tell(rule_.id + " fired");
    return result;
  }

  bool happens(const Action& action, std::uint16_t number) {
    if (action.probability.value >= 1.0) return true;
    const double draw = dice_.uniform(number);
    const bool result = draw < action.probability.value;
    const auto name = std::visit([](const auto& term) { return std::string(term.name); }, action.change);
    if (moment_.explain) tell(explained(rule_.id + " " + name, draw, action.probability.value, result));
    return result;
  }

  void tell(std::string line) { draft_.event.explanation.push_back(std::move(line)); }

  const Rule& rule_;
  Draft& draft_;
  const Moment& moment_;
  const Dice dice_;
  const double probability_;
};

}  // namespace

void apply_rules(Draft& draft, const Moment& moment, std::uint64_t key) {
  bool pre = false;
  const auto& sought = moment.program.sought;
  for (const BoundRule& bound : moment.program.voices[moment.voice].rules) {
    pre = moment.controls.enabled[bound.number] != 0 && Asking(bound, draft, moment, key)(pre);
    moment.controls.fired[bound.number] = pre;
    if (!pre) continue;
    if (!draft.event.rule.empty()) draft.event.rule += ',';
    draft.event.rule += bound.rule->id;
    if (const auto bit = std::ranges::find(sought, bound.rule->id); bit != sought.end())
      draft.played.fired |= std::uint64_t{1} << (bit - sought.begin());
  }
}

}  // namespace sfa::rules
