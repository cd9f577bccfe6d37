// Notes and chords that sound like those of instruments, and what is summed up of them from beat to beat.
#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "sfa/analysis/beat_features.hpp"
#include "sfa/analysis/chroma.hpp"
#include "signals.hpp"

namespace sfa::analysis::tones {

inline double hz_of(double midi_note, double tuning_cents = 0.0) {
  return 440.0 * std::exp2((midi_note - 69.0) / 12.0 + tuning_cents / 1200.0);
}

/// Five harmonics, the h-th of 1 / h.
inline void add_note(std::vector<float>& samples, SampleRate rate, double time, double duration, double midi_note,
                     double amplitude = 0.08) {
  const double hz = hz_of(midi_note);
  const auto from = static_cast<std::size_t>(time * rate.hz);
  const auto to = std::min(samples.size(), static_cast<std::size_t>((time + duration) * rate.hz));
  for (std::size_t i = from; i < to; ++i) {
    const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(i - from) / rate.hz;
    for (int h = 1; h <= 5; ++h) samples[i] += static_cast<float>(amplitude / h * std::sin(h * phase));
  }
}

/// In close position from C4 on, with its root below C3 in the bass.
inline void add_triad(std::vector<float>& samples, SampleRate rate, double time, double duration, int root,
                      bool minor) {
  for (const int step : {0, minor ? 3 : 4, 7}) add_note(samples, rate, time, duration, 60 + (root + step) % 12);
  add_note(samples, rate, time, duration, 36 + root);
}

/// A drum kit: on every beat noise that decays, and a sinking sine.
inline void add_drums(std::vector<float>& samples, SampleRate rate, double beat_seconds, double amplitude) {
  const double seconds = static_cast<double>(samples.size()) / rate.hz;
  const auto hiss = signals::noise(seconds, rate, 1.0, 7);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double time = static_cast<double>(i) / rate.hz, since = std::fmod(time, beat_seconds);
    const double turns = 50.0 * since - 6.0 * std::exp(-since / 0.03);
    const double kick = std::exp(-since / 0.08) * std::sin(2.0 * std::numbers::pi * turns);
    const double snare = 0.5 * std::exp(-since / 0.05) * static_cast<double>(hiss[i]);
    samples[i] += static_cast<float>(amplitude * (kick + snare));
  }
}

/// With beats every `beat_seconds` from 0 on.
inline std::vector<BeatFeatures> beat_features(const std::vector<float>& samples, SampleRate rate,
                                               double beat_seconds, Chroma* whole = nullptr) {
  BeatFeatureCollector collector(rate, BeatFeatures::timbre_bands, ChromaAnalyzer::frames_per_second);
  ChromaAnalyzer analyzer(rate);
  const auto sink = [&](const ChromaFrame& frame) { collector.add_chroma(frame.treble, frame.bass); };
  analyzer.add(samples, sink);
  const auto chroma = analyzer.finish(sink);
  if (whole) *whole = chroma;
  const double duration = static_cast<double>(samples.size()) / rate.hz;
  std::vector<double> beats;
  for (int beat = 0; beat * beat_seconds < duration - 1e-6; ++beat) beats.push_back(beat * beat_seconds);
  collector.finish(beats, duration);
  return collector.features();
}

}  // namespace sfa::analysis::tones
