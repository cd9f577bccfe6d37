#include "sfa/analysis/structure.hpp"

#include <algorithm>

#include "bar_similarity.hpp"
#include "block_matching.hpp"
#include "boundary_evidence.hpp"
#include "section_labels.hpp"
#include "section_roles.hpp"

namespace sfa::analysis {
namespace {

constexpr float silent_db = -60.0F;

/// How many decibels below the song's median an interval is no more than what rings out.
constexpr float ringing_db = 25.0F;

/// Below this, an interval does not sound.
float silence_level(std::span<const BeatFeatures> features) {
  std::vector<float> levels;
  for (const auto& f : features)
    if (f.power_db > silent_db) levels.push_back(f.power_db);
  if (levels.empty()) return silent_db;
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  return std::max(silent_db, *middle - ringing_db);
}

/// At least half of it sounds.
bool sounds(std::span<const BeatFeatures> features, const Bar& bar, float silence) {
  const auto inside = features.subspan(bar.begin, bar.end - bar.begin);
  const auto count =
      std::count_if(inside.begin(), inside.end(), [&](const auto& f) { return f.power_db > silence; });
  return 2 * static_cast<std::size_t>(count) >= inside.size() && count > 0;
}

/// A few beats before the first downbeat are no bar of their own.
bool is_pickup(std::span<const Bar> bars, std::size_t i) {
  return !bars[i].known && i + 1 < bars.size() && bars[i + 1].known &&
         bars[i].duration < 0.75 * bars[i + 1].duration;
}

}  // namespace

std::vector<Section> find_sections(std::span<const BeatFeatures> features, std::span<const Bar> bars,
                                   const Progress& progress) {
  std::size_t first = 0, last = bars.size();
  const float silence = silence_level(features);
  while (first < last && !sounds(features, bars[first], silence)) ++first;
  while (last > first && !sounds(features, bars[last - 1], silence)) --last;
  if (first == last) return {};
  if (is_pickup(bars, first)) ++first;

  const BarSimilarity similarity(features, bars);
  report(progress, 0.3);
  const auto cuts = match_blocks(similarity, first, boundary_evidence(similarity, bars, first, last));
  report(progress, 0.5);
  const auto labels = label_sections(similarity, cuts.bars);

  std::vector<Section> sections;
  for (std::size_t s = 0; s + 1 < cuts.bars.size(); ++s) {
    const auto& from = bars[cuts.bars[s]];
    const auto& end = bars[cuts.bars[s + 1] - 1];
    Section section;
    section.time = from.time;
    section.duration = end.time + end.duration - from.time;
    section.label = letter(labels[s]);
    section.first_bar = from.number;
    section.bars = end.number + (end.known ? 1 : 0) - from.number;
    section.confidence = cuts.likelihoods[s];
    sections.push_back(section);
  }
  name_roles(sections, bars);
  report(progress, 1.0);
  return sections;
}

}  // namespace sfa::analysis
