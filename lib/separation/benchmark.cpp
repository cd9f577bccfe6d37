#include "sfa/separation/benchmark.hpp"

#include <numeric>

namespace sfa::separation {
namespace {

using Figures = std::vector<double>;

std::optional<double> mean_of(const Figures& figures) {
  if (figures.empty()) return std::nullopt;
  return std::accumulate(figures.begin(), figures.end(), 0.0) / static_cast<double>(figures.size());
}

template <typename Combine>
StemScores combine(std::span<const StemScores> scores, Combine combined) {
  const auto figure = [&](Scores StemScores::*of, std::optional<double> Scores::*which) {
    Figures figures;
    for (const auto& score : scores)
      if (const auto& value = score.*of.*which) figures.push_back(*value);
    return combined(figures);
  };
  const auto both = [&](Scores StemScores::*of) {
    return Scores{figure(of, &Scores::nsdr_db), figure(of, &Scores::sdr_db)};
  };
  return {both(&StemScores::estimate), both(&StemScores::mixture)};
}

}  // namespace

StemScores mean(std::span<const StemScores> scores) { return combine(scores, mean_of); }

StemScores median(std::span<const StemScores> scores) {
  return combine(scores, [](const Figures& figures) { return median(figures); });
}

std::vector<StemScores> over_songs(const Benchmark& benchmark, StemScores (*combined)(std::span<const StemScores>)) {
  std::vector<StemScores> all;
  for (std::size_t s = 0; s < benchmark.stems.size(); ++s) {
    std::vector<StemScores> of_stem;
    for (const auto& song : benchmark.songs) of_stem.push_back(song.stems.at(s));
    all.push_back(combined(of_stem));
  }
  return all;
}

double speed(const Benchmark& benchmark) {
  double length = 0.0, time = 0.0;
  for (const auto& song : benchmark.songs) {
    const double seconds = to_seconds(song.source.frames, song.source.sample_rate).value;
    length += seconds;
    time += song.speed > 0.0 ? seconds / song.speed : 0.0;
  }
  return time > 0.0 ? length / time : 0.0;
}

}  // namespace sfa::separation
