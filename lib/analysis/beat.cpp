#include "sfa/analysis/beat.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "bar_evidence.hpp"
#include "beat_network.hpp"
#include "beat_path.hpp"
#include "loop_grid.hpp"
#include "sfa/analysis/beat_activation.hpp"
#include "sfa/analysis/downbeat.hpp"
#include "sfa/analysis/tempo.hpp"
#include "sfa/audio/error.hpp"
#include "swing.hpp"
#include "tempo_choice.hpp"

namespace sfa::analysis {
namespace {

constexpr int rate = BandSpectrogram::frames_per_second;
constexpr Frames window_frames = 600 * rate, overlap_frames = 100 * rate;
static_assert(overlap_frames >= 2 * BeatNetwork::reach);

constexpr Frames longest_loop_frames = 30 * rate, loop_surroundings = 12 * rate;

// What the network hears at the beats of loops, on average: 0.35 and more at those of drum loops, 0.1 where noise is
// played round and round. Where songs are as usual as loops, more is asked for.
constexpr double least_heard = 0.25, least_heard_long = 0.5;
constexpr Frames long_loop_frames = 8 * rate;

// Of loops that were taken for such, so many have the tempo in their name (measured on 95).
constexpr double loop_confidence = 0.85;

// Beats of two windows are one beat where they are this near.
constexpr double same_beat = 0.05;  // seconds

// Of the observed activation: the geometric mean of what sets in and what the network hears, weighed.
constexpr float song_network_weight = 0.5F, loop_network_weight = 0.6F;

// The network counts in steps of 20 ms and may be one off.
constexpr Frames network_blur = 2;

float highest_near(std::span<const float> values, Frames centre, Frames reach) {
  const auto from = std::clamp<Frames>(centre - reach, 0, static_cast<Frames>(values.size()));
  const auto to = std::clamp<Frames>(centre + reach + 1, from, static_cast<Frames>(values.size()));
  float most = 0.0F;
  for (Frames i = from; i < to; ++i) most = std::max(most, values[static_cast<std::size_t>(i)]);
  return most;
}

std::vector<float> joined(std::span<const float> onsets, std::span<const float> heard,
                          float network_weight = song_network_weight) {
  std::vector<float> result(onsets.size());
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = std::pow(highest_near(heard, static_cast<Frames>(i), network_blur), network_weight) *
                std::pow(onsets[i], 1.0F - network_weight);
  return result;
}

/// The share of beats of recorded excerpts, found where the network heard this much, that are within 70 ms of a true
/// one, where the tempo is right.
double confidence_of(double heard) { return 0.6 + 0.38 * heard; }

/// Where a tempo is wrong it is mostly the double or half, and every other beat right.
void doubt_with_tempo(std::span<Beat> beats, double tempo_confidence) {
  for (auto& beat : beats) beat.confidence *= 0.5 + 0.5 * tempo_confidence;
}

}  // namespace

struct BeatTracker::State {
  State(int bands_, BeatOptions options_) : bands(bands_), options(options_), onsets(bands_) {
    features.reserve(static_cast<std::size_t>(window_frames) * BeatNetwork::inputs);  // pages come as they are filled
  }

  void find(bool last, const Progress& progress);
  void join(std::span<const Beat> found, std::span<const BarEvidence> found_evidence, double from);
  void drop(Frames count);
  [[nodiscard]] std::optional<BeatTrack> loop(double duration) const;

  int bands;
  BeatOptions options;
  BeatActivation onsets;
  std::vector<float> features;  // frames x BeatNetwork::inputs of the window
  Frames begin = 0, frames = 0;  // of the window, and how many it has
  std::vector<Beat> beats;
  std::vector<BarEvidence> evidence;  // of each beat
  std::size_t settled = 0;       // so many beats
  double settled_until = 0.0;
  double bpm = 0.0;              // of the window before
  TempoChoice choice;
  SwingMeter swing;
};

void BeatTracker::State::drop(Frames count) {
  features.erase(features.begin(), features.begin() + count * BeatNetwork::inputs);
  onsets.drop(count);
  begin += count;
  frames -= count;
}

/// Replaces what earlier windows found from the middle of the overlap on by what this one found: from one
/// beat to the same beat where there is one.
void BeatTracker::State::join(std::span<const Beat> found, std::span<const BarEvidence> found_evidence, double from) {
  const double to = from + static_cast<double>(overlap_frames) / rate, middle = 0.5 * (from + to);
  const auto until = [](std::span<const Beat> all, double time) {
    return static_cast<std::size_t>(std::ranges::lower_bound(all, time, {}, &Beat::time) - all.begin());
  };
  std::size_t keep = until(beats, middle), take = until(found, middle);
  double best = to - middle;
  for (std::size_t i = 0, j = 0; i < beats.size(); ++i) {
    if (std::abs(beats[i].time - middle) >= best) continue;
    while (j < found.size() && found[j].time < beats[i].time - same_beat) ++j;
    if (j < found.size() && found[j].time < beats[i].time + same_beat)
      best = std::abs(beats[i].time - middle), keep = i + 1, take = j + 1;
  }
  beats.resize(keep);
  evidence.resize(keep);
  const double closest = 0.6 * 60.0 / options.high_bpm;
  while (!beats.empty() && take < found.size() && found[take].time < beats.back().time + closest) ++take;
  beats.insert(beats.end(), found.begin() + static_cast<std::ptrdiff_t>(take), found.end());
  evidence.insert(evidence.end(), found_evidence.begin() + static_cast<std::ptrdiff_t>(take), found_evidence.end());
}

void BeatTracker::State::find(bool last, const Progress& progress) {
  const auto set_in = onsets.values();
  const auto heard = BeatNetwork::trained()(features);
  const auto activation = joined(set_in, heard.beat);
  auto window = find_beats(activation, set_in, heard.beat, options, bpm, progress);
  const auto found_evidence = bar_evidence(window.beats, features, heard.downbeat);
  const double time = static_cast<double>(begin) / rate;
  for (auto& beat : window.beats) {
    const auto frame = static_cast<Frames>(std::lround(beat.time * rate));
    beat.confidence = confidence_of(highest_near(heard.beat, frame, network_blur));
    beat.time += time;
  }
  if (begin == 0) beats = window.beats, evidence = found_evidence;
  else join(window.beats, found_evidence, time);
  bpm = steady_tempo(window.beats);
  choice.add(window, frames);
  // What lies before the middle of the next overlap does not change any more.
  const double until = last ? time + static_cast<double>(frames) / rate
                            : time + static_cast<double>(frames - overlap_frames) / rate;
  const auto now = static_cast<std::size_t>(std::ranges::lower_bound(beats, until, {}, &Beat::time) - beats.begin());
  const std::size_t before = settled > 0 ? settled - 1 : 0;
  swing.add(std::span(beats).subspan(before, now - before), set_in, time);
  settled = now;
  settled_until = until;
}

/// The whole as a loop, if it is one.
std::optional<BeatTrack> BeatTracker::State::loop(double duration) const {
  if (begin > 0 || frames > longest_loop_frames) return {};
  const auto set_in = onsets.values();
  // The network hears it in its surroundings: itself, round and round.
  const auto around = (loop_surroundings + frames - 1) / frames;
  std::vector<float> again;
  for (Frames i = 0; i < 2 * around + 1; ++i) again.insert(again.end(), features.begin(), features.end());
  const auto heard = BeatNetwork::trained()(again);
  const auto middle =
      std::span(heard.beat).subspan(static_cast<std::size_t>(around * frames), static_cast<std::size_t>(frames));
  const auto grid = find_loop(joined(set_in, middle, loop_network_weight), set_in, duration, options);
  if (!grid) return {};
  BeatTrack track;
  track.meter = {grid->beats % 3 == 0 ? 3 : 4, loop_confidence};
  double sum = 0.0;
  const int first = grid->first < -same_beat ? 1 : 0;  // the downbeat may lie at the end instead
  for (int k = first; k < grid->beats + first; ++k) {
    const double time = std::max(0.0, grid->first + k * 60.0 / grid->bpm);
    const float sure = highest_near(middle, static_cast<Frames>(std::lround(time * rate)), network_blur);
    track.beats.push_back({time, confidence_of(sure), k % track.meter.beats_per_bar + 1});
    sum += sure;
  }
  if (sum < (frames < long_loop_frames ? least_heard : least_heard_long) * grid->beats) return {};
  track.grid = {{grid->first + first * 60.0 / grid->bpm, grid->bpm, grid->beats, first + 1}};
  track.tempo.bpm = grid->bpm;
  track.tempo.steady = true;
  track.tempo.swing = swing.ratio();
  choice.tell(track.tempo);
  track.tempo.confidence = std::max(track.tempo.confidence, loop_confidence);
  doubt_with_tempo(track.beats, track.tempo.confidence);
  return track;
}

BeatTracker::BeatTracker(int bands, BeatOptions options) {
  constexpr int fewest = 140;
  if (bands < fewest) throw Error(Error::Kind::invalid_argument, "beats need spectra of at least 140 bands");
  if (!(options.low_bpm >= 20.0 && options.high_bpm <= 400.0 && options.high_bpm >= 1.05 * options.low_bpm))
    throw Error(Error::Kind::invalid_argument, "a range of tempos lies inside 20 to 400 and is at least 5 % wide");
  state_ = std::make_unique<State>(bands, options);
}
BeatTracker::~BeatTracker() = default;
BeatTracker::BeatTracker(BeatTracker&&) noexcept = default;
BeatTracker& BeatTracker::operator=(BeatTracker&&) noexcept = default;

void BeatTracker::add(std::span<const float> bands, const Progress& progress) {
  auto& s = *state_;
  if (s.frames == window_frames) {
    s.find(false, progress);
    s.drop(window_frames - overlap_frames);
  }
  s.onsets.add(bands);
  s.features.resize(s.features.size() + BeatNetwork::inputs);
  BeatNetwork::reduce(bands, std::span(s.features).last(BeatNetwork::inputs));
  ++s.frames;
}

std::span<const Beat> BeatTracker::settled() const { return std::span(state_->beats).first(state_->settled); }
double BeatTracker::settled_until() const { return state_->settled_until; }

BeatTrack BeatTracker::finish(double duration, const Progress& progress) {
  auto& s = *state_;
  if (s.frames > 0) s.find(true, progress);
  if (s.frames == 0) return {};
  if (auto loop = s.loop(duration > 0.0 ? duration : static_cast<double>(s.frames) / rate)) return std::move(*loop);
  BeatTrack track;
  track.beats = s.beats;
  track.meter = mark_bars(track.beats, downbeat_likelihoods(s.evidence));
  track.grid = fit_grid(track.beats);
  track.tempo.bpm = steady_tempo(track.beats);
  track.tempo.steady = is_steady(track.beats);
  track.tempo.drift_percent = tempo_drift_percent(track.beats);
  track.tempo.swing = s.swing.ratio();
  s.choice.tell(track.tempo);
  doubt_with_tempo(track.beats, track.tempo.confidence);
  return track;
}

BeatTrack track_beats(const BandSpectrogram& bands, BeatOptions options, double duration, const Progress& progress) {
  if (bands.frames == 0) return {};
  BeatTracker tracker(bands.bands, options);
  for (Frames i = 0; i < bands.frames; ++i) tracker.add(bands.row(i), progress);
  return tracker.finish(duration, progress);
}

}  // namespace sfa::analysis
