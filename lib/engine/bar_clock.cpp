#include "sfa/engine/bar_clock.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "sfa/audio/error.hpp"

namespace sfa::engine {
namespace {

constexpr Ticks sixteenth_ticks = ticks_per_beat / 4;
constexpr std::int64_t most_bars = 1'000'000;

[[noreturn]] void refuse(const std::string& what) { throw Error(Error::Kind::invalid_argument, what); }

}  // namespace

std::string to_text(const BarPosition& position) {
  return std::to_string(position.bar) + ":" + std::to_string(position.beat) + ":" + std::to_string(position.sixteenth);
}

BarPosition parse_bar_position(std::string_view text) {
  std::array<std::int64_t, 3> numbers{1, 1, 1};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (auto& number : numbers) {
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc() || number < 1 || number > most_bars) break;
    if (after == end) return {numbers[0], static_cast<int>(numbers[1]), static_cast<int>(numbers[2])};
    if (*after != ':') break;
    at = after + 1;
  }
  refuse("\"" + std::string(text) + "\" is no position: expected BAR:BEAT:SIXTEENTH, each from 1");
}

BarPosition BarClock::at(Frames frame) const {
  const Ticks tick = std::max<Ticks>(0, map_.tick(frame));
  const Ticks in_bar = tick % bar_ticks();
  return {.bar = tick / bar_ticks() + 1,
          .beat = static_cast<int>(in_bar / beat_ticks()) + 1,
          .sixteenth = static_cast<int>(in_bar % beat_ticks() / sixteenth_ticks) + 1};
}

Frames BarClock::frame(const BarPosition& position) const {
  if (position.bar < 1 || position.bar > most_bars || position.beat < 1 || position.beat > meter_.numerator ||
      position.sixteenth < 1 || (position.sixteenth - 1) * sixteenth_ticks >= beat_ticks())
    refuse(to_text(position) + ": the bar has no such place");
  return map_.frame((position.bar - 1) * bar_ticks() + (position.beat - 1) * beat_ticks() +
                    (position.sixteenth - 1) * sixteenth_ticks);
}

Frames BarClock::nearest_bar(Frames frame) const {
  const Ticks bar = (std::max<Ticks>(0, map_.tick(frame)) + bar_ticks() / 2) / bar_ticks();
  return map_.frame(bar * bar_ticks());
}

}  // namespace sfa::engine
