#include "sfa/analysis/beat.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "beat_model.hpp"
#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/analysis/tempo.hpp"
#include "sfa/audio/frame_range.hpp"

namespace sfa::analysis {
namespace {

constexpr TempoRange tempo_ranges[] = {{50, 72}, {66, 96}, {88, 128}, {118, 172}, {160, 225}};

// How usual a tempo is: normal over octaves about 100 beats a minute with a deviation of 0.7, weighed
// so that it decides between a tempo and its double where the likelihoods are close. Chosen on
// rendered pop songs and recorded band excerpts; log likelihoods of a frame differ by about 0.1
// between a right and a wrong tempo.
constexpr double usual_bpm = 100.0, usual_octaves = 0.7, usual_weight = 0.07;

// Measured: the activation at beats exceeds what random places have by 0.2 to 0.45 of their sum in noise and
// beating chords, by 0.55 and more in music; steady sines stay below an activation of 0.04, music lies above 0.2.
constexpr double least_contrast = 0.5, least_activation = 0.08;

// Log likelihood of a frame by which the best range of tempos exceeds the worst: noise and onsets at
// random 0.02 to 0.03, music 0.06 to 0.2.
constexpr double spread_of_chance = 0.02, spread_of_music = 0.12;

// Where nothing at all sets in at every other beat (recorded music has 0.04 and more of the others'
// activation there), the model has taken a slow metronome for one of twice its tempo.
constexpr double empty_part = 0.02;

// Beats before the first and after the last activation of this height are dropped, and so many beats must
// reach it.
constexpr float audible = 0.05F;
constexpr std::ptrdiff_t fewest_beats = 3;

struct Choice {
  BeatPath path;
  double spread = 0.0;  // of log likelihoods over the ranges
};

double median_length(const BeatPath& path) {
  std::vector<Frames> lengths;
  for (const auto& beat : path.beats) lengths.push_back(beat.length);
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::ranges::nth_element(lengths, middle);
  return static_cast<double>(*middle);
}

double prior(const BeatPath& path) {
  const double bpm = 60.0 * BandSpectrogram::frames_per_second / median_length(path);
  const double octaves = std::log2(bpm / usual_bpm) / usual_octaves;
  return -0.5 * usual_weight * octaves * octaves;
}

Choice best_range(std::span<const float> activation, const Progress& progress) {
  const BeatEmissions emissions(activation);
  Choice choice;
  double best = -std::numeric_limits<double>::infinity(), highest = best, lowest = -best;
  constexpr auto count = static_cast<double>(std::size(tempo_ranges));
  for (double done = 0.0; const auto& range : tempo_ranges) {
    const Progress its_share = [&](double part) { return !progress || progress((done + part) / count); };
    auto path = best_path(emissions, range, its_share);
    highest = std::max(highest, path.log_likelihood);
    lowest = std::min(lowest, path.log_likelihood);
    const double score = path.log_likelihood + prior(path);
    if (score > best) best = score, choice.path = std::move(path);
    done += 1.0;
  }
  choice.spread = highest - lowest;
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
  return {(static_cast<double>(peak) + offset) / BandSpectrogram::frames_per_second, at(peak)};
}

std::vector<Beat> place_beats(std::span<const float> activation, const BeatPath& path) {
  const auto loud = [](float value) { return value >= audible; };
  const Frames first = std::find_if(activation.begin(), activation.end(), loud) - activation.begin();
  const Frames last = activation.rend() - std::find_if(activation.rbegin(), activation.rend(), loud);
  std::vector<Beat> beats;
  for (const auto& span : path.beats) {
    const FrameRange zone{span.begin, span.begin + BeatEmissions::zone(span.length)};
    const auto inside = intersect(zone, {first, last});
    if (!inside.empty()) beats.push_back(place(activation, inside));
  }
  return beats;
}

/// By how much the activation at beats exceeds that at random places, as a part of their sum.
double contrast(std::span<const float> activation, const BeatPath& path, double at_beats) {
  const auto zone = BeatEmissions::zone(std::lround(median_length(path)));
  double sum = 0.0;
  for (std::size_t i = 0; i < activation.size(); ++i) {
    const auto part = activation.subspan(i, std::min(static_cast<std::size_t>(zone), activation.size() - i));
    sum += *std::ranges::max_element(part);
  }
  const double anywhere = sum / static_cast<double>(activation.size());
  return (at_beats - anywhere) / (at_beats + anywhere);
}

/// The mean activation at every other beat from `first` on, 0 or 1.
double activation_at(std::span<const Beat> beats, std::size_t first) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = first; i < beats.size(); i += 2, ++count) sum += beats[i].confidence * beats[i].confidence;
  return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

void drop_empty_alternates(std::vector<Beat>& beats) {
  const double even = activation_at(beats, 0), odd = activation_at(beats, 1);
  const bool double_tempo = steady_tempo(beats) >= 2.0 * tempo_ranges[0].low_bpm - 0.5;
  if (!double_tempo || std::min(even, odd) >= empty_part * std::max(even, odd)) return;
  std::vector<Beat> kept;
  for (std::size_t i = even > odd ? 0 : 1; i < beats.size(); i += 2) kept.push_back(beats[i]);
  beats = std::move(kept);
}

}  // namespace

BeatTrack track_beats(std::span<const float> activation, const Progress& progress) {
  if (activation.empty() || *std::ranges::max_element(activation) <= 0.0F) return {};
  const auto [path, spread] = best_range(activation, progress);
  BeatTrack track{{}, place_beats(activation, path)};
  const auto heard = [](const Beat& beat) { return beat.confidence * beat.confidence >= audible; };
  if (spread <= spread_of_chance || std::ranges::count_if(track.beats, heard) < fewest_beats) return {};
  const double at_beats = 0.5 * (activation_at(track.beats, 0) + activation_at(track.beats, 1));
  if (at_beats < least_activation || contrast(activation, path, at_beats) < least_contrast) return {};
  drop_empty_alternates(track.beats);
  track.tempo.bpm = steady_tempo(track.beats);
  track.tempo.confidence = std::clamp((spread - spread_of_chance) / (spread_of_music - spread_of_chance), 0.0, 1.0);
  return track;
}

}  // namespace sfa::analysis
