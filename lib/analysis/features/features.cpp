#include "sfa/analysis/features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "decibel_rows.hpp"
#include "dot.hpp"
#include "feature_table.hpp"
#include "hop_frames.hpp"
#include "magnitudes.hpp"
#include "mel_onsets.hpp"
#include "sfa/analysis/chroma_bank.hpp"
#include "sfa/analysis/constant_q.hpp"
#include "sfa/analysis/running_statistics.hpp"
#include "sfa/analysis/spectral_contrast.hpp"
#include "sfa/analysis/spectral_shape.hpp"
#include "sfa/analysis/spectral_tuning.hpp"
#include "sfa/analysis/tempogram.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::analysis {
namespace {

using Kind = FeatureKind;

constexpr int size_frames = 2048;
constexpr Frames tuning_seconds = 60;
constexpr std::size_t held_frames = 65536;
constexpr float zero = 1e-10F;  // librosa's: what is nearer to 0 has no sign
constexpr int cqt_bins_per_octave = 36;

double root_mean_square(std::span<const float> samples) {
  return std::sqrt(double{dot(samples.data(), samples.data(), samples.size())} / size_frames);
}

std::size_t sign_changes(std::span<const float> samples) {
  std::size_t changes = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) changes += (samples[i] < -zero) != (samples[i - 1] < -zero);
  return changes;
}

/// What one feature has come to.
struct Output {
  Feature feature;
  std::vector<RunningStatistics> statistics;
};

}  // namespace

struct FeatureAnalyzer::State {
  State(SampleRate rate_, const FeatureOptions& options_, Sink sink_);

  [[nodiscard]] bool wants(Kind kind) const { return numbers[static_cast<std::size_t>(kind)] >= 0; }
  template <typename... Kinds>
  [[nodiscard]] bool wants_any(Kinds... kinds) const {
    return (wants(kinds) || ...);
  }
  [[nodiscard]] bool wants_constant_q() const { return wants_any(Kind::chroma_cqt, Kind::tonnetz); }

  void emit(Kind kind, std::span<const float> row) {
    const int number = numbers[static_cast<std::size_t>(kind)];
    if (number < 0) return;
    auto& output = outputs[static_cast<std::size_t>(number)];
    for (std::size_t i = 0; i < row.size(); ++i) output.statistics[i].add(row[i]);
    if (options.keep_values) output.feature.values.insert(output.feature.values.end(), row.begin(), row.end());
    if (sink) sink(static_cast<std::size_t>(number), row);
  }
  void emit(Kind kind, double value) {
    const auto narrow = static_cast<float>(value);
    emit(kind, std::span(&narrow, 1));
  }

  void settle_tuning();
  void feed(std::span<const float> mono);
  void take(std::span<const float> window);
  void take_spectrum();
  void take_mel_levels(std::span<const float> levels);
  void take_contrast(std::span<const float> levels);
  void take_constant_q(std::span<const float> magnitudes);

  SampleRate rate;
  FeatureOptions options;
  Sink sink;
  std::array<int, feature_kinds> numbers{};  // of each kind among the outputs, -1 for none
  std::vector<Output> outputs{};

  bool tuning_is_known = false;
  std::vector<float> waiting{};  // until the tuning is known
  Frames length = 0;
  HopFrames frames;
  Magnitudes spectrum{size_frames};
  std::vector<float> before = std::vector<float>(size_frames / 2 + 1);  // the last frame's magnitudes
  SpectralContrast contrast;
  DecibelRows contrast_levels, mel_levels;
  MelBank mel;
  MelCepstrum cepstrum;
  MelOnsets onsets;
  Tempogram tempo{};
  std::optional<ChromaBank> chroma{};
  std::optional<ConstantQ> constant_q{};
};

FeatureAnalyzer::State::State(SampleRate rate_, const FeatureOptions& options_, Sink sink_)
    : rate(rate_), options(options_), sink(std::move(sink_)), frames(size_frames, options.hop_frames),
      contrast(rate, size_frames),
      contrast_levels(static_cast<std::size_t>(contrast.bands()), 2, held_frames),
      mel_levels(MelBank::bands, 1, held_frames),
      mel(rate, size_frames, options.mel_scale), cepstrum(options.mfcc), onsets(size_frames, options.hop_frames) {
  numbers.fill(-1);
  const auto rows = [&](Kind kind) {
    switch (kind) {
      case Kind::spectral_contrast: return contrast.bands();
      case Kind::melspectrogram: return MelBank::bands;
      case Kind::mfcc: return options.mfcc;
      case Kind::tempogram: return Tempogram::lags;
      case Kind::chroma_stft:
      case Kind::chroma_cqt: return 12;
      case Kind::tonnetz: return 6;
      default: return 1;
    }
  };
  for (const auto& name : options.names) {
    const auto only = feature_names(name);
    const auto at = std::ranges::find(feature_table(), only.front(), &FeatureInfo::name) - feature_table().begin();
    if (only.size() > 1 || numbers[static_cast<std::size_t>(at)] >= 0)
      throw Error(Error::Kind::invalid_argument, "a feature is asked for by its own name, and once: '" + name + "'");
    numbers[static_cast<std::size_t>(at)] = static_cast<int>(outputs.size());
    const int count = rows(static_cast<Kind>(at));
    outputs.push_back({Feature{.name = name, .hop = static_cast<double>(options.hop_frames) / rate.hz, .rows = count,
                               .statistics = {}, .values = {}},
                       std::vector<RunningStatistics>(static_cast<std::size_t>(count))});
  }
  if (wants_constant_q()) constant_q.emplace(rate, ConstantQOptions{.hop_frames = options.hop_frames});  // may throw
  tuning_is_known = options.tuning_cents || !wants_any(Kind::chroma_stft, Kind::chroma_cqt, Kind::tonnetz);
  if (tuning_is_known) settle_tuning();
}

void FeatureAnalyzer::State::settle_tuning() {
  tuning_is_known = true;
  const auto first = std::span<const float>(waiting).first(
      std::min(waiting.size(), static_cast<std::size_t>(tuning_seconds * rate.hz)));
  const auto tuning = [&](SpectralTuning how) {  // in parts of the distance between notes
    if (options.tuning_cents) return *options.tuning_cents / 1200.0 * how.notes_per_octave;
    return estimate_tuning(first, rate, how);
  };
  if (wants(Kind::chroma_stft))
    chroma.emplace(rate, size_frames, tuning({.hop_frames = options.hop_frames, .of_power = true}));
  if (wants_constant_q())
    constant_q.emplace(rate, ConstantQOptions{options.hop_frames, cqt_bins_per_octave,
                                              tuning({.notes_per_octave = cqt_bins_per_octave})});
}

void FeatureAnalyzer::State::feed(std::span<const float> mono) {
  length += static_cast<Frames>(mono.size());
  frames.add(mono, [&](auto window) { take(window); });
  if (constant_q) constant_q->add(mono, [&](auto magnitudes) { take_constant_q(magnitudes); });
}

void FeatureAnalyzer::State::take(std::span<const float> window) {
  if (wants(Kind::rms)) emit(Kind::rms, root_mean_square(window));
  if (wants(Kind::zero_crossing_rate)) {
    // Silence before the begin and behind the end is no change of sign.
    const Frames begin = (frames.count() - 1) * options.hop_frames - size_frames / 2;
    const auto first = static_cast<std::size_t>(std::max<Frames>(0, -begin));
    const auto end = static_cast<std::size_t>(std::clamp<Frames>(length - begin, 0, size_frames));
    const auto changes = end > first ? sign_changes(window.subspan(first, end - first)) : 0;
    emit(Kind::zero_crossing_rate, static_cast<double>(changes) / size_frames);
  }
  if (wants_any(Kind::spectral_centroid, Kind::spectral_bandwidth, Kind::spectral_rolloff, Kind::spectral_flatness,
                Kind::spectral_contrast, Kind::spectral_flux, Kind::melspectrogram, Kind::mfcc, Kind::onset_strength,
                Kind::tempogram, Kind::chroma_stft)) {
    spectrum.compute(window);
    take_spectrum();
  }
}

void FeatureAnalyzer::State::take_spectrum() {
  const auto magnitudes = spectrum.magnitudes();
  const double bin_hz = static_cast<double>(rate.hz) / size_frames;
  if (wants_any(Kind::spectral_centroid, Kind::spectral_bandwidth)) {
    const double centroid = spectral_centroid(magnitudes, bin_hz);
    emit(Kind::spectral_centroid, centroid);
    if (wants(Kind::spectral_bandwidth))
      emit(Kind::spectral_bandwidth, spectral_bandwidth(magnitudes, bin_hz, centroid));
  }
  if (wants(Kind::spectral_rolloff)) emit(Kind::spectral_rolloff, spectral_rolloff(magnitudes, bin_hz));
  if (wants(Kind::spectral_flatness)) emit(Kind::spectral_flatness, spectral_flatness(magnitudes));
  if (wants(Kind::spectral_flux)) {
    emit(Kind::spectral_flux, frames.count() == 1 ? 0.0 : spectral_flux(magnitudes, before));
    std::ranges::copy(magnitudes, before.begin());
  }
  if (wants(Kind::spectral_contrast)) {
    std::vector<float> levels(2 * static_cast<std::size_t>(contrast.bands()));
    contrast.peaks_and_valleys(magnitudes, levels);
    contrast_levels.add(levels, [&](auto row) { take_contrast(row); });
  }
  if (wants_any(Kind::melspectrogram, Kind::mfcc, Kind::onset_strength, Kind::tempogram)) {
    std::array<float, MelBank::bands> bands{};
    mel.apply(spectrum.power(), bands);
    emit(Kind::melspectrogram, bands);
    if (wants_any(Kind::mfcc, Kind::onset_strength, Kind::tempogram)) {
      std::ranges::transform(bands, bands.begin(), to_level);
      mel_levels.add(bands, [&](auto row) { take_mel_levels(row); });
    }
  }
  if (chroma) {
    std::array<float, 12> classes{};
    chroma->apply(spectrum.power(), classes);
    emit(Kind::chroma_stft, classes);
  }
}

void FeatureAnalyzer::State::take_contrast(std::span<const float> levels) {
  const auto bands = static_cast<std::size_t>(contrast.bands());
  std::vector<float> row(bands);
  for (std::size_t band = 0; band < bands; ++band) row[band] = levels[band] - levels[bands + band];
  emit(Kind::spectral_contrast, row);
}

void FeatureAnalyzer::State::take_mel_levels(std::span<const float> levels) {
  if (wants(Kind::mfcc)) {
    std::vector<float> row(static_cast<std::size_t>(options.mfcc));
    cepstrum.apply(levels, row);
    emit(Kind::mfcc, row);
  }
  if (!wants_any(Kind::onset_strength, Kind::tempogram)) return;
  const float strength = onsets.next(levels);
  emit(Kind::onset_strength, double{strength});
  if (wants(Kind::tempogram)) tempo.add(strength, [&](auto row) { emit(Kind::tempogram, row); });
}

void FeatureAnalyzer::State::take_constant_q(std::span<const float> magnitudes) {
  std::array<float, 12> classes{};
  fold_to_chroma(magnitudes, cqt_bins_per_octave, classes);
  divide_by_largest(classes);
  emit(Kind::chroma_cqt, classes);
  if (wants(Kind::tonnetz)) emit(Kind::tonnetz, tonnetz(classes));
}

FeatureAnalyzer::FeatureAnalyzer(SampleRate rate, const FeatureOptions& options, Sink sink) {
  if (options.hop_frames < 1 || options.hop_frames > size_frames)
    throw Error(Error::Kind::invalid_argument, "features need a hop of 1 to 2048 frames");
  if (options.tuning_cents && !(std::abs(*options.tuning_cents) <= 50.0))
    throw Error(Error::Kind::invalid_argument, "a tuning lies between -50 and 50 cents");
  state_ = std::make_unique<State>(rate, options, std::move(sink));
}
FeatureAnalyzer::~FeatureAnalyzer() = default;
FeatureAnalyzer::FeatureAnalyzer(FeatureAnalyzer&&) noexcept = default;
FeatureAnalyzer& FeatureAnalyzer::operator=(FeatureAnalyzer&&) noexcept = default;

std::vector<Feature> FeatureAnalyzer::features() const {
  std::vector<Feature> features;
  for (const auto& output : state_->outputs)
    features.push_back({.name = output.feature.name, .hop = output.feature.hop, .rows = output.feature.rows,
                        .statistics = {}, .values = {}});
  return features;
}

void FeatureAnalyzer::add(std::span<const float> mono) {
  auto& state = *state_;
  if (state.tuning_is_known) return state.feed(mono);
  state.waiting.insert(state.waiting.end(), mono.begin(), mono.end());
  if (state.waiting.size() < static_cast<std::size_t>(tuning_seconds * state.rate.hz)) return;
  state.settle_tuning();
  state.feed(std::exchange(state.waiting, {}));
}

std::vector<Feature> FeatureAnalyzer::finish() {
  auto& state = *state_;
  if (!state.tuning_is_known) {
    state.settle_tuning();
    state.feed(std::exchange(state.waiting, {}));
  }
  const Frames count = state.length > 0 ? 1 + state.length / state.options.hop_frames : 0;
  state.frames.finish(count, [&](auto window) { state.take(window); });
  if (state.constant_q) state.constant_q->finish([&](auto magnitudes) { state.take_constant_q(magnitudes); });
  state.contrast_levels.finish([&](auto row) { state.take_contrast(row); });
  state.mel_levels.finish([&](auto row) { state.take_mel_levels(row); });
  state.tempo.finish([&](auto row) { state.emit(Kind::tempogram, row); });

  std::vector<Feature> features;
  for (auto& output : state.outputs) {
    for (const auto& row : output.statistics) output.feature.statistics.push_back(row.result());
    features.push_back(std::move(output.feature));
  }
  return features;
}

}  // namespace sfa::analysis
