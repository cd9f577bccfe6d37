#include "sfa/slicing/division.hpp"

#include <charconv>
#include <cmath>

namespace sfa::slicing {
namespace {

constexpr int most = 64;

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || rest != text.data() + text.size() || value < 1) return {};
  return value;
}

/// A note of 1/denominator: four quarters to a whole.
std::optional<Division> note(int denominator) {
  using Unit = Division::Unit;
  if (denominator == 2) return Division{Unit::beats, 2, 1};
  if (denominator % 4 != 0 || denominator / 4 > most) return {};
  return Division{Unit::beats, 1, denominator / 4};
}

}  // namespace

std::optional<Division> division(std::string_view text) {
  using Unit = Division::Unit;
  if (text == "eighths") return note(8);
  if (text == "triplets") return note(12);
  if (text == "sixteenths") return note(16);
  if (text == "thirtyseconds") return note(32);
  if (text.starts_with("1/")) {
    const auto denominator = whole(text.substr(2));
    return denominator ? note(*denominator) : std::nullopt;
  }
  for (const auto unit : {Unit::bars, Unit::beats}) {
    const std::string_view word = unit == Unit::bars ? "bars" : "beats";
    if (!text.ends_with(word)) continue;
    const auto count = text == word ? 1 : whole(text.substr(0, text.size() - word.size()));
    if (!count || *count > most) return {};
    return Division{unit, *count, 1};
  }
  return {};
}

Grid even_grid(double bpm, double offset, int beats_per_bar, double end) {
  Grid grid;
  grid.bpm = bpm;
  const double beat = 60.0 / bpm;
  const auto first = -static_cast<Frames>(std::floor(offset / beat));
  for (Frames k = first; offset + static_cast<double>(k) * beat < end; ++k) {
    const double time = offset + static_cast<double>(k) * beat;
    if (time < 0.0) continue;
    grid.beats.push_back(time);
    if (k % beats_per_bar == 0) grid.downbeats.push_back(time);
  }
  return grid;
}

std::vector<double> division_times(const Grid& grid, Division division, int beats_per_bar) {
  std::vector<double> units;
  if (division.unit == Division::Unit::beats) {
    units = grid.beats;
  } else if (!grid.downbeats.empty()) {
    units = grid.downbeats;
  } else {
    for (std::size_t i = 0; i < grid.beats.size(); i += static_cast<std::size_t>(beats_per_bar))
      units.push_back(grid.beats[i]);
  }
  std::vector<double> times;
  for (std::size_t i = 0; i < units.size(); i += static_cast<std::size_t>(division.count)) {
    const double length = units.size() < 2          ? 0.0
                          : i + 1 < units.size()    ? units[i + 1] - units[i]
                                                    : units[i] - units[i - 1];
    const int parts = length > 0.0 ? division.parts : 1;
    for (int part = 0; part < parts; ++part) times.push_back(units[i] + length * part / parts);
  }
  return times;
}

}  // namespace sfa::slicing
