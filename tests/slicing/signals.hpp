// Sounds whose answers are known because they are made here.
#pragma once
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/random.hpp"

namespace sfa::slicing {

inline std::vector<float> sine(double frequency_hz, double seconds, SampleRate rate, double amplitude = 0.5) {
  std::vector<float> samples(static_cast<std::size_t>(to_frames({seconds}, rate)));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(
        amplitude * std::sin(2.0 * std::numbers::pi * frequency_hz * static_cast<double>(i) / rate.hz));
  return samples;
}

/// All harmonics below `top_hz`, falling off as 1/n, as in a bowed string.
inline std::vector<float> sawtooth(double frequency_hz, double seconds, SampleRate rate, double top_hz = 8000.0) {
  std::vector<float> sum(static_cast<std::size_t>(to_frames({seconds}, rate)));
  for (int n = 1; n * frequency_hz < top_hz && n * frequency_hz < 0.5 * rate.hz; ++n) {
    const auto partial = sine(n * frequency_hz, seconds, rate, 0.3 / n);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += partial[i];
  }
  return sum;
}

inline std::vector<float> noise(double seconds, SampleRate rate, double amplitude = 0.5) {
  Random random(7);
  std::vector<float> samples(static_cast<std::size_t>(to_frames({seconds}, rate)));
  for (auto& sample : samples) sample = static_cast<float>(random.uniform(-amplitude, amplitude));
  return samples;
}

/// Falls by 60 dB in `seconds`.
inline std::vector<float> decaying(std::vector<float> samples, double seconds, SampleRate rate) {
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] *= static_cast<float>(std::pow(10.0, -3.0 * static_cast<double>(i) / (seconds * rate.hz)));
  return samples;
}

/// The difference of neighbours: 6 dB an octave more treble.
inline std::vector<float> brightened(std::vector<float> samples) {
  float last = 0.0F;
  for (auto& sample : samples) sample -= std::exchange(last, sample);
  return samples;
}

/// Puts `sound` into every channel of `buffer` at `at`, as far as there is room.
inline void mix_in(AudioBuffer& buffer, Frames at, std::span<const float> sound) {
  for (int c = 0; c < buffer.channels(); ++c)
    for (Frames i = 0; i < static_cast<Frames>(sound.size()) && at + i < buffer.frames(); ++i)
      buffer.channel(c)[static_cast<std::size_t>(at + i)] += sound[static_cast<std::size_t>(i)];
}

/// Short bursts of noise in silence that begin exactly at `onsets`.
inline AudioBuffer bursts(const std::vector<Frames>& onsets, Frames frames, SampleRate rate, int channels = 1) {
  AudioBuffer buffer(channels, frames, rate);
  auto burst = decaying(noise(0.06, rate, 0.8), 0.05, rate);
  burst.front() = 0.8F;
  for (const Frames onset : onsets) mix_in(buffer, onset, burst);
  return buffer;
}

}  // namespace sfa::slicing
