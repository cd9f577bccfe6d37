// Random numbers that are looked up, not drawn one after another: a number is a function of the seed, the
// name of what draws, the event that it draws for, and which of its draws it is. So nothing that is added,
// changed or left out elsewhere can shift it.
// Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace sfa::rules {

/// The ten rounds of Philox4x32 over one counter.
[[nodiscard]] std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                                  std::array<std::uint32_t, 2> key);

/// The draws for one event.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t stream, std::uint64_t event) : seed_(seed), stream_(stream), event_(event) {}

  /// Uniform in [0, 1), a multiple of 2^-53.
  [[nodiscard]] double uniform(std::uint16_t draw) const { return static_cast<double>(bits(draw) >> 11) * 0x1.0p-53; }

  /// Uniform in 0 to count - 1; `count` >= 1, and below 2^32 without bias worth naming.
  [[nodiscard]] std::size_t below(std::uint16_t draw, std::size_t count) const;

 private:
  [[nodiscard]] std::uint64_t bits(std::uint16_t draw) const;
  std::uint64_t seed_, stream_, event_;
};

/// All draws of one name: the key is the seed, the counter the name's 64-bit FNV-1a hash, the event's number
/// (below 2^48) and the draw's.
class Stream {
 public:
  Stream(std::uint64_t seed, std::string_view name);
  [[nodiscard]] Dice at(std::uint64_t event) const { return {seed_, hash_, event}; }

 private:
  std::uint64_t seed_, hash_ = 0xCBF29CE484222325U;
};

}  // namespace sfa::rules
