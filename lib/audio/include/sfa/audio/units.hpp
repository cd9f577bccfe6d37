// The units that the whole library speaks. Positions and lengths inside it are whole
// sample frames; seconds appear only at the edges (options, documents).
#pragma once
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>

namespace sfa {

/// A count or an index of sample frames: one frame holds one sample of each channel.
/// 64 bits: 10 hours at 192 kHz are 6.9e9 frames.
using Frames = std::int64_t;

struct Seconds {
  double value = 0.0;
  friend constexpr auto operator<=>(Seconds, Seconds) = default;
  friend constexpr Seconds operator+(Seconds a, Seconds b) { return {a.value + b.value}; }
  friend constexpr Seconds operator-(Seconds a, Seconds b) { return {a.value - b.value}; }
};

/// No time or duration in a document, nor what is made of one, goes beyond this: eleven days, far from where
/// frames would overflow.
inline constexpr double longest_document_seconds = 1e6;

/// Frames in a second, at least 1.
struct SampleRate {
  int hz = 44100;
  friend constexpr auto operator<=>(SampleRate, SampleRate) = default;
};

/// The frame nearest to a time; halves away from zero.
[[nodiscard]] inline Frames to_frames(Seconds time, SampleRate rate) {
  return std::llround(time.value * rate.hz);
}

[[nodiscard]] constexpr Seconds to_seconds(Frames frames, SampleRate rate) {
  return {static_cast<double>(frames) / rate.hz};
}

/// A level: 20 log10 of an amplitude ratio, 10 log10 of a power ratio. Silence is -infinity.
struct Decibels {
  double value = 0.0;
  friend constexpr auto operator<=>(Decibels, Decibels) = default;
};

[[nodiscard]] inline float to_gain(Decibels level) {
  return static_cast<float>(std::pow(10.0, level.value / 20.0));
}

/// The level of an amplitude; 0 and below give -infinity.
[[nodiscard]] inline Decibels to_decibels(double amplitude) {
  return {amplitude > 0.0 ? 20.0 * std::log10(amplitude) : -std::numeric_limits<double>::infinity()};
}

}  // namespace sfa
