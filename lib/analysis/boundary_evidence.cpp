#include "boundary_evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sfa::analysis {
namespace {

constexpr std::size_t least_bars = 8;
constexpr std::size_t band = 128;     // bars: repetitions farther apart are not looked for
constexpr std::size_t least_lag = 4;  // bars: what repeats sooner makes no sections
constexpr std::size_t compared = 4;   // bars before and after a boundary
constexpr float lowest_db = -60.0F;
constexpr double most_deviations = 4.0;  // measures beyond count as this

// Fitted by logistic regression to songs with known structure, generated ones and such from openly licensed
// MIDI files in equal parts, on measures that are divided by their deviation over the song.
constexpr double timbre_lag_weight = 0.35, pitch_lag_weight = 0.4, energy_weight = 0.4, rise_weight = 0.4,
                 repeat_begin_weight = 0.55, repeat_end_weight = 0.55, intercept = -2.5;

/// Similarities of bars at most `band` apart.
class Band {
 public:
  explicit Band(std::size_t bars) : bars_(bars), values_(bars * (band + 1)) {}

  float& at(std::size_t i, std::size_t lag) { return values_[i * (band + 1) + lag]; }  // of i and i + lag
  [[nodiscard]] float between(std::size_t a, std::size_t b) const {
    return values_[std::min(a, b) * (band + 1) + (a > b ? a - b : b - a)];
  }
  /// Of bar i with the one `lag` bars later, or earlier if it is negative; 0 where there is none.
  [[nodiscard]] float lagged(std::size_t i, std::ptrdiff_t lag) const {
    const auto other = static_cast<std::ptrdiff_t>(i) + lag;
    return other < 0 || other >= static_cast<std::ptrdiff_t>(bars_) ? 0.0F
                                                                    : between(i, static_cast<std::size_t>(other));
  }
  [[nodiscard]] std::size_t bars() const { return bars_; }

 private:
  std::size_t bars_;
  std::vector<float> values_;
};

using Measure = std::vector<double>;  // of each bar

/// How much the rows of the time-lag matrix change: the bars before a boundary repeat, or are repeated, at
/// other distances than those after. Two on either side, the nearer ones more.
/// Serrà, Müller, Grosche and Arcos, "Unsupervised music structure annotation by time series structure features
/// and segment similarity", IEEE Transactions on Multimedia 16(5), 2014, section III.
Measure lag_change(const Band& like) {
  const std::array<float, 2> weights{1.0F, std::exp(-0.5F)};
  const auto reach = static_cast<std::ptrdiff_t>(std::min(band, like.bars() - 1));
  Measure result(like.bars(), 0.0);
  for (std::size_t i = 1; i < like.bars(); ++i) {
    const auto before = std::min<std::size_t>(2, i), after = std::min<std::size_t>(2, like.bars() - i);
    const auto scale = [&](std::size_t count) {
      return 1.0F / (count == 2 ? weights[0] + weights[1] : weights[0]);
    };
    double square = 0.0;
    for (auto lag = -reach; lag <= reach; ++lag) {
      float a = 0.0F, b = 0.0F;
      for (std::size_t k = 0; k < before; ++k) a += weights[k] * like.lagged(i - 1 - k, lag);
      for (std::size_t k = 0; k < after; ++k) b += weights[k] * like.lagged(i + k, lag);
      const auto d = static_cast<double>(a * scale(before) - b * scale(after));
      square += d * d;
    }
    result[i] = std::sqrt(square);
  }
  return result;
}

/// Foote's checkerboard of two bars on either side ("Automatic audio segmentation using a measure of audio
/// novelty", ICME 2000).
Measure novelty(const BarSimilarity& similarity, std::size_t first, std::size_t count) {
  Measure result(count, 0.0);
  const auto mean = [&](std::size_t a0, std::size_t a1, std::size_t b0, std::size_t b1) {
    double sum = 0.0;
    for (auto a = a0; a < a1; ++a)
      for (auto b = b0; b < b1; ++b) sum += static_cast<double>(similarity.energy(first + a, first + b));
    return sum / static_cast<double>((a1 - a0) * (b1 - b0));
  };
  for (std::size_t i = 1; i < count; ++i) {
    const auto begin = i - std::min<std::size_t>(2, i), end = std::min(count, i + 2);
    result[i] = 0.5 * (mean(begin, i, begin, i) + mean(i, end, i, end)) - mean(begin, i, i, end);
  }
  return result;
}

/// At the best of all lags: how much more alike the bars after are than those before (a repetition begins),
/// and the other way (one ends).
struct Repetition {
  Measure begins, ends;
};

Repetition repetition(const Band& like) {
  const auto count = like.bars();
  Repetition result{Measure(count, 0.0), Measure(count, 0.0)};
  for (std::size_t i = 1; i < count; ++i) {
    auto &begin = result.begins[i], &end = result.ends[i];
    begin = end = -1.0;
    const auto from = i - std::min(i, band), to = std::min(count, i + band + 1);
    for (auto other = from; other < to; ++other) {
      if ((other > i ? other - i : i - other) < least_lag) continue;
      const auto after = std::min(compared, count - std::max(i, other)), before = std::min({compared, i, other});
      double follows = 0.0, precedes = 0.0;
      for (std::size_t k = 0; k < after; ++k) follows += static_cast<double>(like.between(i + k, other + k));
      for (std::size_t k = 1; k <= before; ++k) precedes += static_cast<double>(like.between(i - k, other - k));
      follows /= static_cast<double>(after);
      precedes /= static_cast<double>(std::max<std::size_t>(before, 1));
      if (after >= 2) begin = std::max(begin, follows - precedes);
      if (before >= 2) end = std::max(end, precedes - (after >= 2 ? follows : 0.0));
    }
  }
  return result;
}

Measure power_rise(std::span<const Bar> bars) {
  Measure result(bars.size(), 0.0);
  const auto level = [&](std::size_t i) { return static_cast<double>(std::max(bars[i].power_db, lowest_db)); };
  for (std::size_t i = 1; i < bars.size(); ++i) result[i] = level(i) - level(i - 1);
  return result;
}

/// Adds a measure, as deviations from its mean, to all bars but the first.
void add(Measure& evidence, const Measure& measure, double weight) {
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = 1; i < measure.size(); ++i) {
    sum += measure[i];
    squares += measure[i] * measure[i];
  }
  const auto count = static_cast<double>(measure.size() - 1);
  const double mean = sum / count, deviation = std::sqrt(std::max(0.0, squares / count - mean * mean)) + 1e-6;
  for (std::size_t i = 1; i < measure.size(); ++i)
    evidence[i] += weight * std::clamp((measure[i] - mean) / deviation, -most_deviations, most_deviations);
}

}  // namespace

std::vector<double> boundary_evidence(const BarSimilarity& similarity, std::span<const Bar> bars,
                                      std::size_t first, std::size_t last) {
  const auto count = last - first;
  Measure evidence(count, 0.0);
  if (count < least_bars) return evidence;
  Band pitch(count), timbre(count), all(count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t lag = 0; lag <= band && i + lag < count; ++lag) {
      const auto a = first + i, b = a + lag;
      pitch.at(i, lag) = similarity.pitch(a, b);
      timbre.at(i, lag) = similarity.timbre(a, b);
      all.at(i, lag) = BarSimilarity::joined(pitch.at(i, lag), timbre.at(i, lag), similarity.energy(a, b));
    }
  std::fill(evidence.begin() + 1, evidence.end(), intercept);
  add(evidence, lag_change(timbre), timbre_lag_weight);
  add(evidence, lag_change(pitch), pitch_lag_weight);
  add(evidence, novelty(similarity, first, count), energy_weight);
  add(evidence, power_rise(bars.subspan(first, count)), rise_weight);
  const auto repeats = repetition(all);
  add(evidence, repeats.begins, repeat_begin_weight);
  add(evidence, repeats.ends, repeat_end_weight);
  return evidence;
}

}  // namespace sfa::analysis
