#include "sfa/analysis/analyzer.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "listener.hpp"
#include "sfa/analysis/bars.hpp"
#include "sfa/analysis/chord.hpp"
#include "sfa/analysis/cue.hpp"
#include "sfa/analysis/key.hpp"
#include "sfa/analysis/loop.hpp"
#include "sfa/analysis/stem_quality.hpp"
#include "sfa/analysis/structure.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/dsp/loudness.hpp"

namespace sfa::analysis {
namespace {

constexpr Frames block_frames = 65536;

bool has_rhythm(const std::string& stem) { return stem == "drums"; }
bool has_harmony(const std::string& stem) { return stem != "drums" && stem != "vocals"; }

}  // namespace

struct Analyzer::State {
  State(SampleRate rate_, int channels_, const AnalyzerOptions& options);

  void add(const AudioView& mix, std::span<const AudioView> parts);
  void find(Analysis& result, const Chroma& pitches, const Progress& progress);
  void find_in_stems(Analysis& result);

  SampleRate rate;
  int channels;
  bool curves;
  Frames frames = 0;
  std::vector<std::string> names;
  dsp::LoudnessMeter meter;
  Listener song;
  std::vector<Listener> stems;
  std::optional<StemQualityMeter> quality;
  std::optional<FeatureAnalyzer> asked_for;
  std::optional<BandAnalyzer> rhythm;  // where beats are not found in the mix
  BeatTracker tracker;
};

Analyzer::State::State(SampleRate rate_, int channels_, const AnalyzerOptions& options)
    : rate(rate_), channels(channels_), curves(options.loudness_curves), names(options.stems),
      meter(rate, channels, {.range = true, .true_peak = true, .maxima = true, .curves = curves}),
      song(rate), tracker(song.bands(), options.beats) {
  for (std::size_t i = 0; i < names.size(); ++i) stems.emplace_back(rate);
  if (!options.features.names.empty()) asked_for.emplace(rate, options.features, options.feature_sink);
  if (!names.empty()) quality.emplace(rate, channels, names);
  if (std::ranges::any_of(names, has_rhythm)) rhythm.emplace(rate);
}

void Analyzer::State::add(const AudioView& mix, std::span<const AudioView> parts) {
  if (parts.size() != names.size()) throw Error(Error::Kind::invalid_argument, "not as many stems as names");
  for (const auto& part : parts)
    if (part.frames() != mix.frames() || part.channels() != mix.channels() || part.rate() != mix.rate())
      throw Error(Error::Kind::invalid_argument, "a stem of another length, rate or number of channels than the mix");
  meter.add(mix);
  if (quality) quality->add(parts);
  const auto whole = heard(mix);
  if (asked_for) asked_for->add(whole);
  std::vector<float> harmony(whole.size(), 0.0F), drums(rhythm ? whole.size() : 0, 0.0F);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto mono = heard(parts[i]);
    stems[i].add(mono, mono);
    const auto sum_up = [&](std::vector<float>& sum) { std::ranges::transform(sum, mono, sum.begin(), std::plus{}); };
    if (has_rhythm(names[i])) sum_up(drums);
    if (has_harmony(names[i])) sum_up(harmony);
  }
  const Listener::Rows to_tracker = [&](std::span<const float> row) { tracker.add(row); };
  if (rhythm) rhythm->add(drums, to_tracker);
  song.add(whole, std::ranges::any_of(names, has_harmony) ? harmony : whole, rhythm ? Listener::Rows{} : to_tracker);
  frames += mix.frames();
  for (auto& stem : stems) stem.settle(tracker.settled(), tracker.settled_until());
  song.settle(tracker.settled(), tracker.settled_until());
}

/// What follows from the beats and from what lies between them.
void Analyzer::State::find(Analysis& result, const Chroma& pitches, const Progress& progress) {
  const auto features = song.finish(result.beats, result.duration);
  auto keys = find_keys(pitches, features);
  result.key = std::move(keys.key);
  result.runner_up = std::move(keys.runner_up);
  result.keys = std::move(keys.spans);
  result.chords = find_chords(features);
  const auto bars = find_bars(features, result.beats);
  result.sections = find_sections(features, bars, progress);
  result.cues = find_cues(bars, result.sections);
  result.loops = find_loops(features, bars, rate);
}

void Analyzer::State::find_in_stems(Analysis& result) {
  if (!quality) return;
  result.stems = quality->finish();
  for (std::size_t i = 0; i < stems.size(); ++i) {
    (void)stems[i].end();
    const auto features = stems[i].finish(result.beats, result.duration);
    const auto& stem = result.stems[i];
    if (!stem.worth_looping) continue;
    LoopSearch search;
    search.stem = stem.name;
    search.clean = stem.quality;
    const auto loops = find_loops(features, find_bars(features, result.beats), rate, search);
    result.loops.insert(result.loops.end(), loops.begin(), loops.end());
  }
  std::ranges::stable_sort(result.loops, std::greater{}, &Loop::score);
}

Analyzer::Analyzer(SampleRate rate, int channels, const AnalyzerOptions& options)
    : state_(std::make_unique<State>(rate, channels, options)) {}
Analyzer::~Analyzer() = default;
Analyzer::Analyzer(Analyzer&&) noexcept = default;
Analyzer& Analyzer::operator=(Analyzer&&) noexcept = default;

void Analyzer::add(const AudioView& mix, std::span<const AudioView> stems) { state_->add(mix, stems); }

Analysis Analyzer::finish(const Progress& progress) {
  auto& state = *state_;
  const auto to_tracker = [&](std::span<const float> row) { state.tracker.add(row); };
  if (state.rhythm) state.rhythm->finish(to_tracker);
  const auto pitches = state.song.end(state.rhythm ? Listener::Rows{} : to_tracker);

  Analysis result;
  result.source.sample_rate = state.rate;
  result.source.channels = state.channels;
  result.source.frames = state.frames;
  result.duration = to_seconds(state.frames, state.rate).value;
  constexpr double beats = 0.7;  // of the time
  auto track = state.tracker.finish(result.duration, [&](double done) { return !progress || progress(beats * done); });
  result.tempo = std::move(track.tempo);
  result.meter = track.meter;
  result.grid = std::move(track.grid);
  result.beats = std::move(track.beats);
  state.find(result, pitches, [&](double done) { return !progress || progress(beats + (1.0 - beats) * done); });
  state.find_in_stems(result);
  if (state.asked_for) result.features = state.asked_for->finish();

  const auto& meter = state.meter;
  result.loudness.integrated_lufs = meter.integrated_lufs();
  result.loudness.range_lu = meter.range_lu();
  result.loudness.true_peak_db = meter.true_peak_db();
  result.loudness.maximum_momentary_lufs = meter.maximum_momentary_lufs();
  result.loudness.maximum_short_term_lufs = meter.maximum_short_term_lufs();
  if (state.curves) {
    result.loudness.step = dsp::LoudnessMeter::curve_step;
    result.loudness.momentary_lufs.assign(meter.momentary_lufs().begin(), meter.momentary_lufs().end());
    result.loudness.short_term_lufs.assign(meter.short_term_lufs().begin(), meter.short_term_lufs().end());
  }
  return result;
}

Analysis analyze(const AudioView& audio, const Progress& progress) {
  constexpr double reading = 0.9;  // of the time
  Analyzer analyzer(audio.rate(), std::max(1, audio.channels()));
  for (Frames begin = 0; audio.channels() > 0 && begin < audio.frames(); begin += block_frames) {
    report(progress, reading * static_cast<double>(begin) / static_cast<double>(audio.frames()));
    analyzer.add(audio.slice({begin, begin + block_frames}));
  }
  auto result = analyzer.finish([&](double done) { return !progress || progress(reading + (1.0 - reading) * done); });
  result.source.channels = audio.channels();
  return result;
}

void count_from(Analysis& analysis, Frames frames) {
  const double seconds = to_seconds(frames, analysis.source.sample_rate).value;
  const auto move = [&](auto& parts) {
    for (auto& part : parts) part.time += seconds;
  };
  move(analysis.beats), move(analysis.grid), move(analysis.keys), move(analysis.chords);
  move(analysis.sections), move(analysis.cues), move(analysis.loops);
  for (auto& loop : analysis.loops) loop.range = {loop.range.begin + frames, loop.range.end + frames};
  analysis.start += seconds;
}

}  // namespace sfa::analysis
