#include "section_labels.hpp"

#include <algorithm>

namespace sfa::analysis {
namespace {

constexpr double same = 0.45;             // similarity from which sections share a letter
constexpr double length_penalty = 0.3;    // for a section against one of no length
constexpr std::size_t memory_bars = 900;  // half an hour at 120 beats a minute

struct Group {
  int label;
  std::vector<std::size_t> members;  // sections
};

}  // namespace

double section_similarity(const BarSimilarity& similarity, std::size_t a0, std::size_t a1, std::size_t b0,
                          std::size_t b1) {
  if (a1 - a0 > b1 - b0) {
    std::swap(a0, b0);
    std::swap(a1, b1);
  }
  const auto shorter = a1 - a0, longer = b1 - b0;
  double best = -1.0;
  for (std::size_t shift = 0; shift + shorter <= longer; ++shift) {
    double sum = 0.0;
    for (std::size_t i = 0; i < shorter; ++i) sum += static_cast<double>(similarity(a0 + i, b0 + shift + i));
    best = std::max(best, sum / static_cast<double>(shorter));
  }
  return best - length_penalty * (1.0 - static_cast<double>(shorter) / static_cast<double>(longer));
}

std::vector<int> label_sections(const BarSimilarity& similarity, std::span<const std::size_t> cuts) {
  std::vector<int> labels;
  std::vector<Group> groups;  // those heard within memory
  int count = 0;
  for (std::size_t s = 0; s + 1 < cuts.size(); ++s) {
    std::erase_if(groups, [&](const Group& g) { return cuts[g.members.back()] + memory_bars < cuts[s]; });
    Group* nearest = nullptr;
    double highest = same;
    for (auto& group : groups) {
      double sum = 0.0, weight = 0.0;
      for (const auto m : group.members) {
        if (cuts[m] + memory_bars < cuts[s]) continue;
        const auto bars = static_cast<double>(cuts[m + 1] - cuts[m]);
        sum += bars * section_similarity(similarity, cuts[m], cuts[m + 1], cuts[s], cuts[s + 1]);
        weight += bars;
      }
      if (weight > 0.0 && sum / weight > highest) {
        highest = sum / weight;
        nearest = &group;
      }
    }
    if (nearest == nullptr) {
      groups.push_back({count++, {}});
      nearest = &groups.back();
    }
    nearest->members.push_back(s);
    labels.push_back(nearest->label);
  }
  return labels;
}

std::string letter(int label) {
  const auto last = std::string(1, static_cast<char>('A' + label % 26));
  return label < 26 ? last : letter(label / 26 - 1) + last;
}

}  // namespace sfa::analysis
