#include "section_roles.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace sfa::analysis {
namespace {

constexpr float lowest_db = -60.0F;
constexpr double least_likelihood = 0.35;
constexpr double label_weight = 0.5;  // what the other sections of a label have to say of the role

constexpr std::size_t roles = 9;
constexpr std::array<const char*, roles> role_names{"intro", "verse", "chorus", "bridge", "break",
                                                    "build", "drop",  "solo",   "outro"};

// Of each role, the bias and the weight of each measure.
// Fitted by scripts/sections/fit_roles.py.
constexpr std::array<std::array<double, role_measures + 1>, roles> weights{{
#include "section_role_weights.inc"
}};

struct Energy {
  double power = 0.0, low = 0.0, onsets = 0.0;
};

Energy mean_energy(std::span<const Bar> bars) {
  Energy sum;
  for (const auto& bar : bars) {
    sum.power += static_cast<double>(std::max(bar.power_db, lowest_db));
    sum.low += static_cast<double>(std::max(bar.low_db, lowest_db));
    sum.onsets += static_cast<double>(bar.onsets);
  }
  const auto count = static_cast<double>(std::max<std::size_t>(bars.size(), 1));
  return {sum.power / count, sum.low / count, sum.onsets / count};
}

/// What three of four bars do not reach.
template <typename Value>
double upper_quartile(std::span<const Bar> bars, Value&& value) {
  std::vector<double> values;
  for (const auto& bar : bars) values.push_back(static_cast<double>(value(bar)));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 3 / 4);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

/// The bars of each section.
std::vector<std::span<const Bar>> divide(std::span<const Section> sections, std::span<const Bar> bars) {
  std::vector<std::span<const Bar>> parts;
  std::size_t bar = 0;
  for (const auto& section : sections) {
    while (bar < bars.size() && bars[bar].time < section.time - 1e-6) ++bar;
    const auto begin = bar;
    while (bar < bars.size() && bars[bar].time < section.time + section.duration - 1e-6) ++bar;
    parts.push_back(bars.subspan(begin, bar - begin));
  }
  return parts;
}

using Likelihoods = std::array<double, roles>;

std::vector<Likelihoods> role_likelihoods(std::span<const RoleMeasures> measures) {
  std::vector<Likelihoods> result;
  for (const auto& of_section : measures) {
    Likelihoods likelihoods{};
    double sum = 0.0;
    for (std::size_t r = 0; r < roles; ++r) {
      double logit = weights[r][0];
      for (std::size_t k = 0; k < role_measures; ++k) logit += weights[r][k + 1] * of_section[k];
      likelihoods[r] = std::exp(logit);
      sum += likelihoods[r];
    }
    for (auto& value : likelihoods) value /= sum;
    result.push_back(likelihoods);
  }
  return result;
}

double decades(double difference) { return std::clamp(difference / 10.0, -3.0, 3.0); }

}  // namespace

std::vector<RoleMeasures> measure_roles(std::span<const Section> sections, std::span<const Bar> bars) {
  if (bars.empty()) return std::vector<RoleMeasures>(sections.size());
  const auto parts = divide(sections, bars);
  const Energy usual{upper_quartile(bars, [](const Bar& b) { return std::max(b.power_db, lowest_db); }),
                     upper_quartile(bars, [](const Bar& b) { return std::max(b.low_db, lowest_db); }),
                     std::max(1e-4, upper_quartile(bars, [](const Bar& b) { return b.onsets; }))};
  std::vector<Energy> energies;
  std::map<std::string, int> times;
  double highest = -1e9;
  std::string loudest;
  for (std::size_t s = 0; s < sections.size(); ++s) {
    energies.push_back(mean_energy(parts[s]));
    ++times[sections[s].label];
    if (energies[s].power + energies[s].low > highest) {
      highest = energies[s].power + energies[s].low;
      loudest = sections[s].label;
    }
  }
  const auto last = sections.size() - 1;
  std::vector<RoleMeasures> result;
  for (std::size_t s = 0; s < sections.size(); ++s) {
    const auto &now = energies[s], &before = energies[s > 0 ? s - 1 : s], &after = energies[s < last ? s + 1 : s];
    const auto part = parts[s];
    const auto head = mean_energy(part.first((part.size() + 1) / 2)),
               tail = mean_energy(part.last((part.size() + 1) / 2));
    const double place = (static_cast<double>(s) + 0.5) / static_cast<double>(sections.size());
    result.push_back(
        {decades(now.power - usual.power), decades(now.low - usual.low),
         std::clamp(now.onsets / usual.onsets - 1.0, -1.0, 2.0), decades(tail.power - head.power),
         decades(tail.low - head.low), std::clamp((tail.onsets - head.onsets) / usual.onsets, -1.0, 1.0),
         decades(now.power - before.power), decades(now.low - before.low), decades(after.power - now.power),
         decades(after.low - now.low), std::clamp((after.onsets - now.onsets) / usual.onsets, -1.0, 1.0),
         s == 0 ? 1.0 : 0.0, s == last ? 1.0 : 0.0, place,
         std::log2(static_cast<double>(std::max<std::size_t>(part.size(), 1)) / 8.0),
         times[sections[s].label] > 1 ? 1.0 : 0.0, std::min(4, times[sections[s].label] - 1) / 4.0,
         sections[s].label == loudest ? 1.0 : 0.0});
  }
  return result;
}

void name_roles(std::span<Section> sections, std::span<const Bar> bars) {
  const bool in_bars = std::ranges::any_of(bars, &Bar::known);  // noise has no chorus
  if (sections.size() < 2 || !in_bars) return;
  const auto likelihoods = role_likelihoods(measure_roles(sections, bars));
  std::map<std::string, std::pair<Likelihoods, double>> of_label;  // sums, and of how many
  for (std::size_t s = 0; s < sections.size(); ++s) {
    auto& [sum, count] = of_label[sections[s].label];
    for (std::size_t r = 0; r < roles; ++r) sum[r] += likelihoods[s][r];
    count += 1.0;
  }
  for (std::size_t s = 0; s < sections.size(); ++s) {
    const auto& [sum, count] = of_label[sections[s].label];
    Likelihoods joined{};
    for (std::size_t r = 0; r < roles; ++r)
      joined[r] = (1.0 - label_weight) * likelihoods[s][r] + label_weight * sum[r] / count;
    const auto best = std::max_element(joined.begin(), joined.end());
    if (*best < least_likelihood) continue;
    sections[s].role = role_names[static_cast<std::size_t>(best - joined.begin())];
    sections[s].role_confidence = *best;
  }
}

}  // namespace sfa::analysis
