#include "listener.hpp"

#include <algorithm>
#include <limits>

#include "sfa/audio/error.hpp"

namespace sfa::analysis {

std::vector<float> heard(const AudioView& audio) {
  // Float files can hold any number; spectra of samples beyond 120 dB over full scale could overflow.
  constexpr float beyond_sense = 1e6F;
  if (!all_finite(audio)) throw Error(Error::Kind::invalid_data, "the audio has samples that are no finite numbers");
  auto mono = to_mono(audio);
  for (auto& sample : mono) sample = std::clamp(sample, -beyond_sense, beyond_sense);
  return mono;
}

Listener::Listener(SampleRate rate)
    : bands_(rate), chroma_(rate), collector_(rate, bands_.bands(), ChromaAnalyzer::frames_per_second) {}

void Listener::add(std::span<const float> mono, std::span<const float> harmony, const Rows& rows) {
  collector_.add_audio(mono);
  bands_.add(mono, [&](std::span<const float> row) {
    collector_.add_bands(row);
    if (rows) rows(row);
  });
  chroma_.add(harmony, [&](const ChromaFrame& frame) { take_pitches(frame); });
}

void Listener::take_pitches(const ChromaFrame& frame) {
  collector_.add_chroma(frame.treble, frame.bass);
  ++chroma_frames_;
}

/// The times of beats before `until` that the collector does not have yet.
std::vector<double> Listener::next_beats(std::span<const Beat> beats, double until) {
  std::vector<double> times;
  for (; beats_collected_ < beats.size() && beats[beats_collected_].time < until; ++beats_collected_)
    times.push_back(beats[beats_collected_].time);
  return times;
}

void Listener::settle(std::span<const Beat> beats, double until) {
  until = std::min(until, static_cast<double>(chroma_frames_ - 1) / ChromaAnalyzer::frames_per_second);
  if (until > 0.0) collector_.settle(next_beats(beats, until), until);
}

Chroma Listener::end(const Rows& rows) {
  bands_.finish([&](std::span<const float> row) {
    collector_.add_bands(row);
    if (rows) rows(row);
  });
  return chroma_.finish([&](const ChromaFrame& frame) { take_pitches(frame); });
}

std::vector<BeatFeatures> Listener::finish(std::span<const Beat> beats, double duration) {
  collector_.finish(next_beats(beats, std::numeric_limits<double>::infinity()), duration);
  return collector_.features();
}

}  // namespace sfa::analysis
