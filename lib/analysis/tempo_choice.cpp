#include "tempo_choice.hpp"

#include <algorithm>
#include <cmath>

namespace sfa::analysis {
namespace {

// From log likelihoods of a frame to the odds of tempos: fitted on recorded excerpts and rendered songs, so that
// the weights are the shares of cases in which each tempo is the annotated one.
constexpr double sharpness = 90.0;

// Tempos so near are one.
constexpr double same_part = 0.06;

// An alternative below this weight is not worth telling.
constexpr double least_weight = 0.01;

// Confidence as a logistic function of the log odds of the chosen tempo among all, and of what the network hears at
// its beats.
constexpr double offset = 0.0, odds_weight = 0.35, heard_weight = 3.0;

}  // namespace

void TempoChoice::add(const WindowBeats& window, Frames frames) {
  if (window.ranges.empty()) return;
  const auto count = static_cast<double>(frames);
  ranges_.resize(window.ranges.size());
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    ranges_[i].bpm = window.ranges[i].bpm;
    ranges_[i].score += count * window.ranges[i].score;
  }
  heard_ += count * window.heard;
  frames_ += count;
}

void TempoChoice::tell(Tempo& tempo) const {
  tempo.confidence = 0.0;
  tempo.alternatives.clear();
  if (ranges_.empty() || tempo.bpm <= 0.0) return;
  const auto same = [](double a, double b) { return std::abs(a - b) <= same_part * b; };
  double best = ranges_[0].score;
  for (const auto& range : ranges_) best = std::max(best, range.score);
  std::vector<TempoCandidate> all{{tempo.bpm, 0.0}};
  for (const auto& range : ranges_) {
    const double weight = std::exp(sharpness * (range.score - best) / frames_);
    const auto known = std::ranges::find_if(all, [&](const TempoCandidate& other) { return same(range.bpm, other.bpm); });
    if (known == all.end()) all.push_back({range.bpm, weight});
    else known->weight = std::max(known->weight, weight);
  }
  double sum = 0.0;
  for (const auto& candidate : all) sum += candidate.weight;
  for (auto& candidate : all) candidate.weight /= sum;
  const double own = std::clamp(all[0].weight, 0.01, 0.999);
  const double odds = offset + odds_weight * std::log(own / (1.0 - own)) + heard_weight * (heard_ / frames_ - 0.5);
  tempo.confidence = 1.0 / (1.0 + std::exp(-odds));
  all.erase(all.begin());
  std::erase_if(all, [](const TempoCandidate& other) { return other.weight < least_weight; });
  std::ranges::stable_sort(all, std::greater<>(), &TempoCandidate::weight);
  tempo.alternatives = std::move(all);
}

}  // namespace sfa::analysis
