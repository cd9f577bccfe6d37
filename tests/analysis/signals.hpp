// Signals whose analysis is known beforehand.
#pragma once
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "sfa/audio/random.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::analysis::signals {

inline std::vector<float> silence(double seconds, SampleRate rate) {
  return std::vector<float>(static_cast<std::size_t>(std::llround(seconds * rate.hz)));
}

inline std::vector<float> sine(double seconds, SampleRate rate, double hz, double amplitude, double phase = 0.0) {
  auto samples = silence(seconds, rate);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(
        amplitude * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate.hz + phase));
  return samples;
}

inline std::vector<float> noise(double seconds, SampleRate rate, double amplitude, std::uint64_t seed = 1) {
  auto samples = silence(seconds, rate);
  Random random(seed);
  for (auto& sample : samples) sample = static_cast<float>(random.uniform(-amplitude, amplitude));
  return samples;
}

/// Adds a decaying tone that sets in at `time`: amplitude * exp(-t / decay) * sin(2 pi hz t).
inline void add_ping(std::vector<float>& samples, SampleRate rate, double time, double hz, double amplitude,
                     double decay) {
  const auto start = static_cast<std::size_t>(std::llround(time * rate.hz));
  for (std::size_t i = start; i < samples.size(); ++i) {
    const double t = static_cast<double>(i - start) / rate.hz;
    if (t > 8.0 * decay) break;
    samples[i] += static_cast<float>(amplitude * std::exp(-t / decay) * std::sin(2.0 * std::numbers::pi * hz * t));
  }
}

/// A click of 1 kHz on every beat, from `first` on.
inline std::vector<float> clicks(double seconds, SampleRate rate, double bpm, double first = 0.0) {
  auto samples = silence(seconds, rate);
  for (int beat = 0;; ++beat) {
    const double time = first + beat * 60.0 / bpm;
    if (time >= seconds) return samples;
    add_ping(samples, rate, time, 1000.0, 0.5, 0.01);
  }
}

}  // namespace sfa::analysis::signals
