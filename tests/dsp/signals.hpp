// Signals that these tests are made of.
#pragma once
#include <cmath>
#include <numbers>
#include <vector>

#include "sfa/audio/random.hpp"

namespace test {

inline std::vector<float> noise(std::size_t size, std::uint64_t seed = 1) {
  sfa::Random random(seed);
  std::vector<float> signal(size);
  for (auto& sample : signal) sample = static_cast<float>(random.uniform(-1.0, 1.0));
  return signal;
}

inline std::vector<float> sine(double frequency_hz, int rate_hz, std::size_t size, double amplitude = 0.5) {
  std::vector<float> signal(size);
  for (std::size_t n = 0; n < size; ++n) {
    signal[n] = static_cast<float>(
        amplitude * std::sin(2.0 * std::numbers::pi * frequency_hz * static_cast<double>(n) / rate_hz));
  }
  return signal;
}

}  // namespace test
