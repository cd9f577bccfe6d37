#include "sfa/analysis/loop.hpp"

#include <algorithm>
#include <cmath>

namespace sfa::analysis {
namespace {

constexpr std::size_t seam_beats = 4;  // compared on either side
constexpr double follows_weight = 0.6;
constexpr double pitch_weight = 0.4, timbre_weight = 0.4, power_weight = 0.2;
constexpr double timbre_scale = 0.15;  // of log10 magnitudes
constexpr double power_scale = 6.0;    // dB
constexpr double least_factor = 0.75;  // what uneven or quiet loops keep of their score
constexpr double uneven_db = 6.0, quiet_db = 10.0;
constexpr float silent_db = -60.0F;
constexpr double floor_db = -60.0;

double cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0.0, aa = 0.0, bb = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const auto x = static_cast<double>(a[k]), y = static_cast<double>(b[k]);
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (aa <= 0.0 && bb <= 0.0) return 1.0;
  return aa > 0.0 && bb > 0.0 ? dot / std::sqrt(aa * bb) : 0.0;
}

double level(float db) { return std::max(floor_db, static_cast<double>(db)); }

/// The mean similarity of up to four beats from `a` and `b` on, or before them; weight 0 where there are none.
struct Meeting {
  double similarity = 0.0, weight = 0.0;
};

Meeting following(std::span<const BeatFeatures> features, std::size_t a, std::size_t b) {
  const auto count = std::min(seam_beats, features.size() - std::max(a, b));
  Meeting meeting;
  for (std::size_t i = 0; i < count; ++i) meeting.similarity += beat_similarity(features[a + i], features[b + i]);
  if (count > 0) meeting = {meeting.similarity / static_cast<double>(count), follows_weight};
  return meeting;
}

Meeting preceding(std::span<const BeatFeatures> features, std::size_t a, std::size_t b) {
  const auto count = std::min({seam_beats, a, b});
  Meeting meeting;
  for (std::size_t i = 1; i <= count; ++i) meeting.similarity += beat_similarity(features[a - i], features[b - i]);
  if (count > 0) meeting = {meeting.similarity / static_cast<double>(count), 1.0 - follows_weight};
  return meeting;
}

double seamlessness(std::span<const BeatFeatures> features, std::size_t begin, std::size_t end) {
  const auto after = following(features, begin, end), before = preceding(features, begin, end);
  const double weight = after.weight + before.weight;
  return weight > 0.0 ? (after.weight * after.similarity + before.weight * before.similarity) / weight : 0.0;
}

double median_power(std::span<const Bar> bars) {
  std::vector<double> levels;
  for (const auto& bar : bars)
    if (bar.power_db > silent_db) levels.push_back(static_cast<double>(bar.power_db));
  if (levels.empty()) return floor_db;
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  return *middle;
}

double factor(double badness) { return least_factor + (1.0 - least_factor) * std::exp(-badness); }

/// Of bars that belong together and sound: one after another, each known.
bool is_whole(std::span<const Bar> bars) {
  return std::all_of(bars.begin(), bars.end(), [](const Bar& b) { return b.known && b.power_db > silent_db; });
}

Loop judge(std::span<const BeatFeatures> features, std::span<const Bar> bars, double usual_db, double clean) {
  const auto& first = bars.front();
  const auto& last = bars.back();
  double sum = 0.0, squares = 0.0;
  for (const auto& bar : bars) {
    sum += level(bar.power_db);
    squares += level(bar.power_db) * level(bar.power_db);
  }
  const auto count = static_cast<double>(bars.size());
  const double mean = sum / count, deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
  Loop loop;
  loop.time = first.time;
  loop.duration = last.time + last.duration - first.time;
  loop.bars = static_cast<int>(bars.size());
  loop.seamlessness = seamlessness(features, first.begin, last.end);
  loop.score = loop.seamlessness * factor(deviation / uneven_db) *
               factor(std::max(0.0, usual_db - mean) / quiet_db) * clean;
  return loop;
}

bool overlap(const Loop& a, const Loop& b) {
  const double shared = std::min(a.time + a.duration, b.time + b.duration) - std::max(a.time, b.time);
  return shared > 1e-6;
}

/// By falling score; equal ones by time, then the longer first.
bool better(const Loop& a, const Loop& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.time != b.time ? a.time < b.time : a.duration > b.duration;
}

std::vector<Loop> best_of(std::vector<Loop> candidates, std::size_t most) {
  std::sort(candidates.begin(), candidates.end(), better);
  std::vector<Loop> kept;
  for (const auto& loop : candidates) {
    if (kept.size() >= most) break;
    if (std::none_of(kept.begin(), kept.end(), [&](const Loop& k) { return overlap(k, loop); }))
      kept.push_back(loop);
  }
  return kept;
}

}  // namespace

double beat_similarity(const BeatFeatures& a, const BeatFeatures& b) {
  const double pitch = 0.5 * (cosine(a.chroma, b.chroma) + cosine(a.bass_chroma, b.bass_chroma));
  double square = 0.0;
  for (std::size_t k = 0; k < a.bands.size(); ++k) {
    const auto d = static_cast<double>(a.bands[k] - b.bands[k]);
    square += d * d;
  }
  const double distance = std::sqrt(square / static_cast<double>(a.bands.size()));
  const double power = std::abs(level(a.power_db) - level(b.power_db));
  return pitch_weight * pitch + timbre_weight * std::exp(-distance / timbre_scale) +
         power_weight * std::exp(-power / power_scale);
}

std::vector<Loop> find_loops(std::span<const BeatFeatures> features, std::span<const Bar> bars, SampleRate rate,
                             const LoopSearch& search) {
  const double usual_db = median_power(bars);
  std::vector<Loop> loops;
  for (const int length : search.bars) {
    const auto count = static_cast<std::size_t>(std::max(length, 1));
    std::vector<Loop> candidates;
    for (std::size_t first = 0; first + count <= bars.size(); ++first)
      if (is_whole(bars.subspan(first, count)))
        candidates.push_back(judge(features, bars.subspan(first, count), usual_db, search.clean));
    const auto best = best_of(std::move(candidates), static_cast<std::size_t>(std::max(search.most_of_each, 0)));
    loops.insert(loops.end(), best.begin(), best.end());
  }
  for (auto& loop : loops) {
    loop.range = {to_frames({loop.time}, rate), to_frames({loop.time + loop.duration}, rate)};
    loop.stem = search.stem;
  }
  std::sort(loops.begin(), loops.end(), better);
  return loops;
}

}  // namespace sfa::analysis
