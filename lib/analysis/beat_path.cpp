#include "beat_path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "beat_model.hpp"
#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/analysis/tempo.hpp"
#include "sfa/audio/frame_range.hpp"

namespace sfa::analysis {
namespace {

constexpr TempoRange usual_ranges[] = {{50, 72}, {66, 96}, {88, 128}, {118, 172}, {160, 225}};

// How usual a tempo is: normal over octaves about 100 beats a minute with a deviation of 0.7, weighed
// so that it decides between a tempo and its double where the likelihoods are close. Chosen on
// rendered pop songs and recorded band excerpts; log likelihoods of a frame differ by about 0.1
// between a right and a wrong tempo.
constexpr double usual_bpm = 100.0, usual_octaves = 0.7, usual_weight = 0.03;

// By how much the tempo of the window before is preferred, and how near it must be.
constexpr double expected_bonus = 0.02, expected_part = 0.1;

// What the network must hear at the beats, on average; without a pulse, at every other. Measured: notes, hits and
// scraps of songs at random times have a pulse of -0.11 to -0.017, and 0.57 at most is heard at them; at noise of all
// frequencies 0.11 at most; songs have a pulse of -0.002 and more, with 0.35 and more, and looked for at half its
// tempo a song has none, but is heard. Of loops 0.16 and more is heard.
constexpr double no_pulse = -0.015, heard_without_pulse = 0.6, least_heard = 0.15;

// Where nothing at all sets in at every other beat (recorded music has 0.04 and more of the others'
// activation there), the model has taken a slow metronome for one of twice its tempo.
constexpr double empty_part = 0.02;

// Onsets of this height are heard. Beats before the first and after the last are dropped, and those in pauses;
// so many beats must be heard.
constexpr float audible = 0.05F;
constexpr Frames pause_frames = 4 * BandSpectrogram::frames_per_second;
constexpr std::ptrdiff_t fewest_beats = 3;

std::vector<TempoRange> ranges_within(const BeatOptions& options) {
  std::vector<TempoRange> ranges;
  constexpr double overlap = 1.08, widest = 1.45, narrowest = 1.05;
  const auto lowest = usual_ranges[0].low_bpm, highest = usual_ranges[std::size(usual_ranges) - 1].high_bpm;
  for (double low = options.low_bpm; low < std::min(lowest, options.high_bpm);) {
    const double high = std::min({low * widest, lowest * overlap, options.high_bpm});
    ranges.push_back({low, high});
    low = high >= std::min(lowest * overlap, options.high_bpm) ? high : high / overlap;
  }
  for (const auto& range : usual_ranges) {
    const TempoRange part{std::max(range.low_bpm, options.low_bpm), std::min(range.high_bpm, options.high_bpm)};
    if (part.high_bpm >= narrowest * part.low_bpm) ranges.push_back(part);
  }
  double low = options.high_bpm > highest ? std::max(highest / overlap, options.low_bpm) : options.high_bpm;
  while (low < options.high_bpm) {
    const double high = std::min(low * widest, options.high_bpm);
    ranges.push_back({low, high});
    low = high >= options.high_bpm ? high : high / overlap;
  }
  if (ranges.empty()) ranges.push_back({options.low_bpm, options.high_bpm});
  return ranges;
}

double median_length(const BeatPath& path) {
  std::vector<Frames> lengths;
  for (const auto& beat : path.beats) lengths.push_back(beat.length);
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::ranges::nth_element(lengths, middle);
  return static_cast<double>(*middle);
}

double prior(double bpm, double expected_bpm) {
  const double octaves = std::log2(bpm / usual_bpm) / usual_octaves;
  const bool expected = std::abs(bpm - expected_bpm) < expected_part * expected_bpm;
  return -0.5 * usual_weight * octaves * octaves + (expected ? expected_bonus : 0.0);
}

struct Choice {
  BeatPath path;
  std::vector<RangeScore> ranges;
};

Choice best_range(std::span<const float> activation, const BeatOptions& options, double expected_bpm,
                  const Progress& progress) {
  const BeatEmissions emissions(activation);
  const auto ranges = ranges_within(options);
  Choice choice;
  double best = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const Progress its_share = [&](double part) {
      return !progress || progress((static_cast<double>(i) + part) / static_cast<double>(ranges.size()));
    };
    auto path = best_path(emissions, ranges[i], its_share);
    const double bpm = 60.0 * BandSpectrogram::frames_per_second / median_length(path);
    const double score = path.log_likelihood + prior(bpm, expected_bpm);
    choice.ranges.push_back({bpm, score});
    if (score > best) best = score, choice.path = std::move(path);
  }
  return choice;
}

/// The strongest frame of where the model observed the beat, and between the frames the top of the
/// parabola through it and its neighbours.
Beat place(std::span<const float> activation, FrameRange zone) {
  const auto at = [&](Frames i) { return std::sqrt(static_cast<double>(activation[static_cast<std::size_t>(i)])); };
  Frames peak = zone.begin;
  for (Frames i = zone.begin; i < zone.end; ++i)
    if (at(i) > at(peak)) peak = i;
  double offset = 0.0;
  if (peak > 0 && peak + 1 < static_cast<Frames>(activation.size())) {
    const double before = at(peak - 1), top = at(peak), after = at(peak + 1), bend = before - 2.0 * top + after;
    if (top >= before && top >= after && bend < 0.0) offset = 0.5 * (before - after) / bend;
  }
  return {(static_cast<double>(peak) + offset) / BandSpectrogram::frames_per_second, 0.0};
}

FrameRange zone_of(const BeatSpan& span) { return {span.begin, span.begin + BeatEmissions::zone(span.length)}; }

double highest(std::span<const float> values, FrameRange range) {
  const auto inside = intersect(range, {0, static_cast<Frames>(values.size())});
  float most = 0.0F;
  for (Frames i = inside.begin; i < inside.end; ++i) most = std::max(most, values[static_cast<std::size_t>(i)]);
  return most;
}

/// The stretches between whose first and last frame no pause lies.
std::vector<FrameRange> audible_stretches(std::span<const float> onsets) {
  std::vector<FrameRange> stretches;
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    if (onsets[i] < audible) continue;
    const auto frame = static_cast<Frames>(i);
    if (stretches.empty() || frame - stretches.back().end > pause_frames) stretches.push_back({frame, frame + 1});
    stretches.back().end = frame + 1;
  }
  return stretches;
}

/// The beats of a path that are heard or lie between such.
std::vector<BeatSpan> audible_beats(std::span<const BeatSpan> path, std::span<const float> onsets) {
  const auto stretches = audible_stretches(onsets);
  std::vector<BeatSpan> kept;
  std::size_t at = 0;
  for (const auto& span : path) {
    const auto zone = zone_of(span);
    while (at < stretches.size() && stretches[at].end <= zone.begin) ++at;
    if (at < stretches.size() && stretches[at].begin < zone.end) kept.push_back(span);
  }
  return kept;
}

/// The mean of every other value from `first` on.
double mean_of_alternates(std::span<const double> values, std::size_t first) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = first; i < values.size(); i += 2, ++count) sum += values[i];
  return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

double mean_of(std::span<const double> values) {
  const auto count = static_cast<double>(std::max<std::size_t>(values.size(), 1));
  return std::accumulate(values.begin(), values.end(), 0.0) / count;
}

/// Whether what the network hears at the beats of a path is enough for its pulse.
bool is_heard(std::span<const double> heard, double pulse) {
  const double every_other = std::max(mean_of_alternates(heard, 0), mean_of_alternates(heard, 1));
  return pulse < no_pulse ? every_other >= heard_without_pulse : mean_of(heard) >= least_heard;
}

void drop_empty_alternates(std::vector<BeatSpan>& beats, std::span<const double> strengths, double bpm,
                           double low_bpm) {
  const double even = mean_of_alternates(strengths, 0), odd = mean_of_alternates(strengths, 1);
  if (bpm < 2.0 * low_bpm - 0.5 || std::min(even, odd) >= empty_part * std::max(even, odd)) return;
  std::vector<BeatSpan> kept;
  for (std::size_t i = even > odd ? 0 : 1; i < beats.size(); i += 2) kept.push_back(beats[i]);
  beats = std::move(kept);
}

}  // namespace

WindowBeats find_beats(std::span<const float> activation, std::span<const float> onsets,
                       std::span<const float> heard, const BeatOptions& options, double expected_bpm,
                       const Progress& progress) {
  if (activation.empty() || *std::ranges::max_element(onsets) <= 0.0F) return {};
  auto [path, ranges] = best_range(activation, options, expected_bpm, progress);
  auto spans = audible_beats(path.beats, onsets);
  std::vector<double> strengths;
  for (const auto& span : spans) strengths.push_back(highest(onsets, zone_of(span)));
  const auto count = std::ranges::count_if(strengths, [](double strength) { return strength >= audible; });
  if (count < fewest_beats) return {};
  const double pulse_of_path = pulse(BeatEmissions(activation), spans);
  const double bpm = 60.0 * BandSpectrogram::frames_per_second / median_length(path);
  drop_empty_alternates(spans, strengths, bpm, options.low_bpm);
  std::vector<double> at_beats;
  for (const auto& span : spans) at_beats.push_back(highest(heard, zone_of(span)));
  if (!is_heard(at_beats, pulse_of_path)) return {};
  WindowBeats result{{}, std::move(ranges), mean_of(at_beats)};
  for (const auto& span : spans) {
    const auto inside = intersect(zone_of(span), {0, static_cast<Frames>(activation.size())});
    if (!inside.empty()) result.beats.push_back(place(activation, inside));
  }
  return result;
}

}  // namespace sfa::analysis
