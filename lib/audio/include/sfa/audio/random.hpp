// Random numbers whose sequence is ours: the same seed gives the same numbers with every
// compiler and library. The generator is a function of a counter (SplitMix64; Steele, Lea and
// Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), so that streams can be
// split by number and a draw can be had without making those before it.
#pragma once
#include <cstdint>

namespace sfa {

class Random {
 public:
  /// Streams of one seed are independent of one another.
  explicit constexpr Random(std::uint64_t seed, std::uint64_t stream = 0)
      : state_(mix(seed ^ mix(stream + golden))) {}

  /// The next 64 bits.
  constexpr std::uint64_t bits() { return mix(state_ += golden); }

  /// Uniform in [0, 1), a multiple of 2^-53.
  constexpr double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

  /// Uniform in [low, high).
  constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Uniform in [0, count), without bias worth naming for count < 2^32. `count` >= 1.
  constexpr std::uint64_t below(std::uint64_t count) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits()) * count) >> 64);
  }

 private:
  static constexpr std::uint64_t golden = 0x9E3779B97F4A7C15U;
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace sfa
