#include "sfa/analysis/analyzer.hpp"

#include <algorithm>
#include <vector>

#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/analysis/beat.hpp"
#include "sfa/analysis/chroma.hpp"
#include "sfa/analysis/key.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/dsp/loudness.hpp"

namespace sfa::analysis {
namespace {

constexpr Frames block_frames = 65536;

// Float files can hold any number; spectra of samples beyond 120 dB over full scale could overflow.
constexpr float beyond_sense = 1e6F;

}  // namespace

struct Analyzer::State {
  State(SampleRate rate_, int channels_)
      : rate(rate_), channels(channels_), meter(rate, channels, {.range = true, .true_peak = true}), bands(rate),
        beats(bands.bands()), chroma(rate) {}

  SampleRate rate;
  int channels;
  Frames frames = 0;
  dsp::LoudnessMeter meter;
  BandAnalyzer bands;
  BeatTracker beats;
  ChromaAnalyzer chroma;
};

Analyzer::Analyzer(SampleRate rate, int channels) : state_(std::make_unique<State>(rate, channels)) {}
Analyzer::~Analyzer() = default;
Analyzer::Analyzer(Analyzer&&) noexcept = default;
Analyzer& Analyzer::operator=(Analyzer&&) noexcept = default;

void Analyzer::add(const AudioView& audio) {
  if (!all_finite(audio)) throw Error(Error::Kind::invalid_data, "the audio has samples that are no finite numbers");
  state_->meter.add(audio);
  auto mono = to_mono(audio);
  for (auto& sample : mono) sample = std::clamp(sample, -beyond_sense, beyond_sense);
  state_->bands.add(mono, [&](std::span<const float> row) { state_->beats.add(row); });
  state_->chroma.add(mono);
  state_->frames += audio.frames();
}

Analysis Analyzer::finish(const Progress& progress) {
  state_->bands.finish([&](std::span<const float> row) { state_->beats.add(row); });
  Analysis result;
  result.source.sample_rate = state_->rate;
  result.source.channels = state_->channels;
  result.source.frames = state_->frames;
  result.duration = to_seconds(state_->frames, state_->rate).value;
  auto track = state_->beats.finish(result.duration, progress);
  result.tempo = track.tempo;
  result.meter = track.meter;
  result.grid = std::move(track.grid);
  result.beats = std::move(track.beats);
  result.key = find_key(state_->chroma.finish());
  const auto& meter = state_->meter;
  result.loudness.integrated_lufs = meter.integrated_lufs();
  result.loudness.range_lu = meter.range_lu();
  result.loudness.true_peak_db = meter.true_peak_db();
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

}  // namespace sfa::analysis
