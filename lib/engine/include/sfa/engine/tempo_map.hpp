// Where beats lie in frames, without a rounding that adds up: tempos are fractions, musical positions whole ticks,
// and a frame is computed once from them, in integers.
#pragma once
#include <cstdint>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::engine {

/// Of a quarter note: what the usual notes and tuplets of 3, 5, 7 and 9 have in common.
using Ticks = std::int64_t;
inline constexpr Ticks ticks_per_beat = 80640;  // 2^8 * 3^2 * 5 * 7

/// The tick nearest to a position in quarter notes, |beats| <= 10^9.
[[nodiscard]] Ticks to_ticks(double beats);

/// Quarter notes in a minute.
struct Tempo {
  std::int64_t numerator = 120;    // 1 to 10^9
  std::int64_t denominator = 1;    // 1 to 10^6

  [[nodiscard]] double bpm() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }
  friend bool operator==(const Tempo&, const Tempo&) = default;
};

/// The fraction with the smallest denominator up to 1000 that is nearest to `bpm` (120.5 is 241/2), by continued
/// fractions. Error::invalid_argument for what is not in 1/1000 to 10^6.
[[nodiscard]] Tempo tempo_near(double bpm);

class TempoMap {
 public:
  /// One tempo from tick 0 on. Throws Error::invalid_argument for values outside the ranges above.
  explicit TempoMap(Tempo tempo, SampleRate rate);

  /// From `tick` on, which must be later than the last change.
  void change(Ticks tick, Tempo tempo);

  /// The frame nearest to a tick, the later one of two. Before tick 0 the first tempo holds.
  [[nodiscard]] Frames frame(Ticks tick) const;
  /// The last tick whose frame is not after `frame`.
  [[nodiscard]] Ticks tick(Frames frame) const;
  [[nodiscard]] Tempo tempo_at(Ticks tick) const;

 private:
  struct Part {
    Ticks tick;         // where it begins
    __int128 begin;     // the frame there, in units of 2^-32
    Tempo tempo;
  };
  [[nodiscard]] const Part& part_at(Ticks tick) const;
  [[nodiscard]] __int128 place(Ticks tick) const;

  SampleRate rate_;
  std::vector<Part> parts_;
};

}  // namespace sfa::engine
