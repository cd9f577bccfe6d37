#include "sfa/engine/tempo_map.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::engine {
namespace {

constexpr int fraction_bits = 32;
constexpr std::int64_t largest_denominator = 1000;
constexpr std::int64_t seconds_per_minute = 60;

void check(const Tempo& tempo) {
  if (tempo.numerator < 1 || tempo.numerator > 1'000'000'000 || tempo.denominator < 1 || tempo.denominator > 1'000'000)
    throw Error(Error::Kind::invalid_argument, "a tempo is out of range");
}

__int128 floor_divide(__int128 a, __int128 b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

Ticks to_ticks(double beats) { return std::llround(beats * static_cast<double>(ticks_per_beat)); }

Tempo tempo_near(double bpm) {
  if (!(bpm >= 1e-3 && bpm <= 1e6))
    throw Error(Error::Kind::invalid_argument, "a tempo must be between 0.001 and 1000000");
  // The convergents p / q of the continued fraction: Hardy and Wright, "An introduction to the theory of numbers",
  // chapter 10.
  std::int64_t p = 1, q = 0, p_before = 0, q_before = 1;
  double rest = bpm;
  for (int i = 0; i < 40; ++i) {
    const auto whole = static_cast<std::int64_t>(std::floor(rest));
    const auto next_q = whole * q + q_before;
    if (next_q > largest_denominator) break;
    p_before = std::exchange(p, whole * p + p_before);
    q_before = std::exchange(q, next_q);
    const double part = rest - std::floor(rest);
    if (part < 1e-9 || std::abs(static_cast<double>(p) / static_cast<double>(q) - bpm) <= 1e-12 * bpm) break;
    rest = 1.0 / part;
  }
  return {std::max<std::int64_t>(1, p), q};
}

TempoMap::TempoMap(Tempo tempo, SampleRate rate) : rate_(rate), parts_{{0, 0, tempo}} {
  check(tempo);
  if (rate.hz < 1 || rate.hz > 1'000'000) throw Error(Error::Kind::invalid_argument, "a sample rate is out of range");
}

void TempoMap::change(Ticks tick, Tempo tempo) {
  check(tempo);
  if (tick <= parts_.back().tick)
    throw Error(Error::Kind::invalid_argument, "a tempo change is not after the last one");
  parts_.push_back({tick, place(tick), tempo});
}

const TempoMap::Part& TempoMap::part_at(Ticks tick) const {
  const auto after = std::ranges::upper_bound(parts_.begin() + 1, parts_.end(), tick, {}, &Part::tick);
  return *(after - 1);
}

/// In units of 2^-32 frames.
__int128 TempoMap::place(Ticks tick) const {
  const auto& part = part_at(tick);
  const __int128 frames =
      static_cast<__int128>(tick - part.tick) * seconds_per_minute * rate_.hz * part.tempo.denominator;
  const __int128 divisor = static_cast<__int128>(part.tempo.numerator) * ticks_per_beat;
  return part.begin + floor_divide(frames << fraction_bits, divisor);
}

Frames TempoMap::frame(Ticks tick) const {
  return static_cast<Frames>((place(tick) + (__int128{1} << (fraction_bits - 1))) >> fraction_bits);
}

Ticks TempoMap::tick(Frames frame_wanted) const {
  // Near by the tempo that holds there, then the neighbours: the frames of ticks only grow.
  const auto later = [](Frames wanted, const Part& part) {
    return (static_cast<__int128>(wanted) << fraction_bits) < part.begin;
  };
  const auto& part = *(std::upper_bound(parts_.begin() + 1, parts_.end(), frame_wanted, later) - 1);
  const __int128 since = (static_cast<__int128>(frame_wanted) << fraction_bits) - part.begin;
  const __int128 units = static_cast<__int128>(seconds_per_minute) * rate_.hz * part.tempo.denominator;
  auto found = part.tick + static_cast<Ticks>(floor_divide(since / 1024 * part.tempo.numerator * ticks_per_beat,
                                                           units << (fraction_bits - 10)));
  while (frame(found) > frame_wanted) --found;
  while (frame(found + 1) <= frame_wanted) ++found;
  return found;
}

Tempo TempoMap::tempo_at(Ticks tick) const { return part_at(tick).tempo; }

}  // namespace sfa::engine
