// The sources and shapes that the instruments are made of.
#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/random.hpp"

namespace demo {

constexpr sfa::SampleRate rate{44100};

inline double frequency_of(double pitch) { return 440.0 * std::exp2((pitch - 69.0) / 12.0); }
inline double sine(double turns) { return std::sin(2.0 * std::numbers::pi * turns); }

/// White noise, uniform in [-1, 1).
inline double noise(sfa::Random& random) { return random.uniform(-1.0, 1.0); }

/// The correction that rounds a step's corner over one sample, against aliasing.
/// Välimäki and Huovilainen, "Antialiasing oscillators in subtractive synthesis", IEEE SPM 2007.
inline double poly_blep(double phase, double step) {
  if (phase < step) {
    const double t = phase / step;
    return t + t - t * t - 1.0;
  }
  if (phase > 1.0 - step) {
    const double t = (phase - 1.0) / step;
    return t * t + t + t + 1.0;
  }
  return 0.0;
}

/// A sawtooth or square in [-1, 1].
class Oscillator {
 public:
  Oscillator() = default;
  explicit Oscillator(double phase) : phase_(phase) {}
  double saw(double hz) {
    const double step = advance(hz);
    return 2.0 * phase_ - 1.0 - poly_blep(phase_, step);
  }
  double square(double hz) {
    const double step = advance(hz);
    return (phase_ < 0.5 ? 1.0 : -1.0) + poly_blep(phase_, step) - poly_blep(std::fmod(phase_ + 0.5, 1.0), step);
  }

 private:
  double advance(double hz) {
    const double step = hz / rate.hz;
    phase_ += step;
    phase_ -= std::floor(phase_);
    return step;
  }
  double phase_ = 0.0;
};

/// State-variable filter that may be swept. Andrew Simper, "Linear trapezoidal integrated state
/// variable filter", Cytomic 2011.
class StateVariable {
 public:
  struct Outputs {
    double low, band, high;
  };
  Outputs process(double x, double cutoff_hz, double q) {
    const double g = std::tan(std::numbers::pi * std::clamp(cutoff_hz, 10.0, 0.45 * rate.hz) / rate.hz), k = 1.0 / q;
    const double v3 = x - c2_, a1 = 1.0 / (1.0 + g * (g + k));
    const double v1 = a1 * c1_ + g * a1 * v3, v2 = c2_ + g * v1;
    c1_ = 2.0 * v1 - c1_;
    c2_ = 2.0 * v2 - c2_;
    return {v2, k * v1, x - k * v1 - v2};  // band: 0 dB at its centre
  }

 private:
  double c1_ = 0.0, c2_ = 0.0;
};

/// Rises over `attack`, holds, and falls over `release` after `length` (seconds); 0 to 1.
inline double swell(double time, double length, double attack, double release) {
  const double rise = std::min(1.0, time / attack);
  const double fall = std::clamp(1.0 - (time - length) / release, 0.0, 1.0);
  return rise * fall * fall;
}

/// Adds a sample to a stereo buffer; pan from -1 (left) to 1, constant power.
inline void add(sfa::AudioBuffer& out, sfa::Frames frame, double sample, double pan) {
  if (frame < 0 || frame >= out.frames()) return;
  const double angle = (pan + 1.0) * std::numbers::pi / 4.0;
  const auto at = static_cast<std::size_t>(frame);
  out.channel(0)[at] += static_cast<float>(sample * std::cos(angle));
  out.channel(1)[at] += static_cast<float>(sample * std::sin(angle));
}

}  // namespace demo
