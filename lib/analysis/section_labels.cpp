#include "section_labels.hpp"

#include <algorithm>

#include "laplacian.hpp"

namespace sfa::analysis {
namespace {

constexpr double same = 0.45;             // similarity from which sections share a letter
constexpr double length_penalty = 0.3;    // for a section against one of no length
constexpr std::size_t memory_bars = 900;  // half an hour at 120 beats a minute

constexpr std::size_t least_graph_bars = 40;  // with fewer, the graph parts repetitions that are nearly exact
constexpr std::size_t most_graph_bars = memory_bars;
constexpr Eigen::Index dimensions = 6;  // of the embedding; results with 5 to 8 are much the same
constexpr double graph_share = 0.6;     // of how alike sections are; the rest is that of section_similarity
constexpr double together = 0.5;        // from which sections share a letter

struct Group {
  int label;
  std::vector<std::size_t> members;  // sections
};

/// Agglomerative clustering by mean similarity: joins the two groups that are most alike until no two are alike
/// enough. A number for each: its group's first member.
std::vector<Eigen::Index> joined_groups(Eigen::MatrixXd like, Eigen::VectorXd weight) {
  std::vector<Eigen::Index> group(static_cast<std::size_t>(like.rows()));
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = static_cast<Eigen::Index>(i);
  like.diagonal().setConstant(-1.0);
  while (true) {
    Eigen::Index a = 0, b = 0;
    if (like.maxCoeff(&a, &b) < together) return group;
    if (a > b) std::swap(a, b);
    Eigen::VectorXd joined = (weight(a) * like.col(a) + weight(b) * like.col(b)) / (weight(a) + weight(b));
    joined(a) = -1.0;
    like.row(a) = joined.transpose();
    like.col(a) = joined;
    like.row(b).setConstant(-1.0);
    like.col(b).setConstant(-1.0);
    weight(a) += weight(b);
    std::replace(group.begin(), group.end(), b, a);
  }
}

/// The same groups, numbered from 0 in the order of their first members.
std::vector<int> numbered(const std::vector<Eigen::Index>& groups) {
  std::vector<int> labels;
  std::vector<Eigen::Index> known;
  for (const auto group : groups) {
    const auto at = std::find(known.begin(), known.end(), group);
    labels.push_back(static_cast<int>(at - known.begin()));
    if (at == known.end()) known.push_back(group);
  }
  return labels;
}

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
  const auto bars = cuts.back() - cuts.front();
  return bars < least_graph_bars || bars > most_graph_bars ? label_by_repetition(similarity, cuts)
                                                           : label_by_graph(similarity, cuts);
}

std::vector<int> label_by_graph(const BarSimilarity& similarity, std::span<const std::size_t> cuts) {
  const auto first = cuts.front();
  const auto places = laplacian_embedding(bar_affinity(similarity, first, cuts.back() - first), dimensions);
  const auto count = static_cast<Eigen::Index>(cuts.size()) - 1;
  Eigen::MatrixXd directions(count, places.cols());
  Eigen::VectorXd bars(count);
  for (Eigen::Index s = 0; s < count; ++s) {
    const auto begin = cuts[static_cast<std::size_t>(s)], end = cuts[static_cast<std::size_t>(s) + 1];
    bars(s) = static_cast<double>(end - begin);
    directions.row(s) = places
                            .middleRows(static_cast<Eigen::Index>(begin - first),
                                        static_cast<Eigen::Index>(end - begin))
                            .colwise()
                            .sum()
                            .normalized();
  }
  Eigen::MatrixXd like = graph_share * directions * directions.transpose();
  for (Eigen::Index a = 0; a < count; ++a)
    for (Eigen::Index b = 0; b < count; ++b) {
      const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
      like(a, b) +=
          (1.0 - graph_share) * section_similarity(similarity, cuts[i], cuts[i + 1], cuts[j], cuts[j + 1]);
    }
  return numbered(joined_groups(like, bars));
}

std::vector<int> label_by_repetition(const BarSimilarity& similarity, std::span<const std::size_t> cuts) {
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
