#include "sfa/analysis/downbeat.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "sfa/audio/error.hpp"

namespace sfa::analysis {
namespace {

struct MeterPrior {
  int beats;
  double share;  // of recorded music, about
};
constexpr std::array meters{MeterPrior{3, 0.07}, MeterPrior{4, 0.9}, MeterPrior{6, 0.02}, MeterPrior{7, 0.01}};
constexpr int states = 3 + 4 + 6 + 7;

// How often a bar ends before its time (a beat too many or too few found, a bar of two), and how often the metre
// changes, for each bar.
constexpr double cut_short = 0.01, change = 0.002;

// What is observed counts this much against what is expected: neighbouring beats are heard alike.
constexpr double observation_weight = 0.5;

// An observation is never taken as surer than this.
constexpr double doubt = 0.02;

constexpr unsigned three_and_four = 0b0011, every_meter = 0b1111;

// Bars of six and seven are told only where they explain a beat by so much better (log likelihood) than others.
constexpr double least_lead_of_rare = 0.05;

// From that lead to the share of cases in which the metre is right: of recorded excerpts 0.65 below 0.06, 0.96 above.
constexpr double lead_offset = 0.3, lead_weight = 45.0, surest = 0.97;

constexpr double impossible = -std::numeric_limits<double>::infinity();

struct State {
  int meter, position;  // index of the metre; 0 is the downbeat
};

std::array<State, states> make_states() {
  std::array<State, states> result{};
  std::size_t i = 0;
  for (std::size_t m = 0; m < meters.size(); ++m)
    for (int p = 0; p < meters[m].beats; ++p) result[i++] = {static_cast<int>(m), p};
  return result;
}

const auto all = make_states();

double transition(const State& from, const State& to) {
  const int length = meters[static_cast<std::size_t>(from.meter)].beats;
  if (to.position > 0)
    return from.meter == to.meter && to.position == from.position + 1 ? std::log(1.0 - cut_short) : impossible;
  const double leave = from.position + 1 == length ? 1.0 : cut_short;
  const double stay = from.meter == to.meter ? 1.0 - change : change / static_cast<double>(meters.size() - 1);
  return std::log(leave * stay);
}

struct Path {
  std::vector<std::uint8_t> states;  // one a beat
  double score = 0.0;                // log likelihood
};

/// The likeliest states in the metres that `allowed` has a bit for.
Path best_path(std::span<const float> downbeats, unsigned allowed) {
  std::vector<std::array<std::uint8_t, states>> origins(downbeats.size());
  std::array<double, states> now{}, next{};
  std::array<std::array<double, states>, states> changes{};
  for (std::size_t s = 0; s < states; ++s) {
    const auto& meter = meters[static_cast<std::size_t>(all[s].meter)];
    now[s] = (allowed >> all[s].meter & 1U) != 0 ? std::log(meter.share / meter.beats) : impossible;
    for (std::size_t to = 0; to < states; ++to)
      changes[to][s] = (allowed >> all[to].meter & 1U) != 0 ? transition(all[s], all[to]) : impossible;
  }
  for (std::size_t i = 0; i < downbeats.size(); ++i) {
    const double likely = std::clamp(static_cast<double>(downbeats[i]), doubt, 1.0 - doubt);
    const double first = observation_weight * std::log(likely), other = observation_weight * std::log(1.0 - likely);
    for (std::size_t s = 0; s < states; ++s) {
      std::size_t best = s;
      double score = i > 0 ? impossible : now[s];
      for (std::size_t from = 0; i > 0 && from < states; ++from) {
        if (now[from] + changes[s][from] > score) score = now[from] + changes[s][from], best = from;
      }
      next[s] = score + (all[s].position == 0 ? first : other);
      origins[i][s] = static_cast<std::uint8_t>(best);
    }
    now = next;
  }
  auto state = static_cast<std::uint8_t>(std::ranges::max_element(now) - now.begin());
  Path path{std::vector<std::uint8_t>(downbeats.size()), now[state]};
  for (std::size_t i = downbeats.size(); i-- > 0; state = origins[i][state]) path.states[i] = state;
  return path;
}

/// By how much a metre explains a beat better than any other does, as log likelihood.
double lead(std::span<const float> downbeats, std::size_t meter) {
  double own = 0.0, best = impossible;
  for (std::size_t m = 0; m < meters.size(); ++m) {
    const double score = best_path(downbeats, 1U << m).score;
    if (m == meter) own = score;
    else best = std::max(best, score);
  }
  return (own - best) / static_cast<double>(downbeats.size());
}

/// The metre that most beats are in.
std::size_t usual_meter(std::span<const std::uint8_t> path) {
  std::array<int, meters.size()> counts{};
  for (const auto state : path) ++counts[static_cast<std::size_t>(all[state].meter)];
  return static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
}

}  // namespace

Meter mark_bars(std::span<Beat> beats, std::span<const float> downbeats) {
  if (beats.size() != downbeats.size())
    throw Error(Error::Kind::invalid_argument, "bars need as many downbeat values as beats");
  constexpr std::size_t fewest = 4;
  if (beats.size() < fewest || std::ranges::max(downbeats) <= std::ranges::min(downbeats)) return {};
  auto path = best_path(downbeats, every_meter).states;
  auto meter = usual_meter(path);
  double ahead = lead(downbeats, meter);
  if (meters[meter].beats > 4 && ahead < least_lead_of_rare) {
    path = best_path(downbeats, three_and_four).states;
    meter = usual_meter(path);
    ahead = 0.0;
  }
  for (std::size_t i = 0; i < beats.size(); ++i) beats[i].position = all[path[i]].position + 1;
  const double odds = lead_offset + lead_weight * ahead;
  return {meters[meter].beats, std::min(surest, 1.0 / (1.0 + std::exp(-odds)))};
}

}  // namespace sfa::analysis
