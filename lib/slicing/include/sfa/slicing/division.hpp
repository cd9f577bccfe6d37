// Where a grid of beats is cut: at bars, at beats, or at parts or multiples of them.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "sfa/slicing/bank.hpp"

namespace sfa::slicing {

/// `count` units together, or one unit in `parts` equal parts; one of the two is 1.
struct Division {
  enum class Unit { bars, beats } unit = Unit::beats;
  int count = 1;
  int parts = 1;
};

/// "bars", "beats", "4bars", "2beats"; note lengths where the beat is a quarter, "1/8" or eighths, "1/16" or
/// sixteenths, "1/32", "1/12" (triplets), "1/2" (two beats); count and parts up to 64. Nothing for other words.
[[nodiscard]] std::optional<Division> division(std::string_view text);

/// A grid of its own: beats at `bpm` from `offset` seconds on and, to complete the first bar, before it; up to
/// `end` seconds. Bars of `beats_per_bar` begin at `offset`. bpm 1 to 1000, beats_per_bar 1 to 64.
[[nodiscard]] Grid even_grid(double bpm, double offset, int beats_per_bar, double end);

/// The times (seconds, ascending) at which a grid is divided. Parts of a beat lie evenly between it and the
/// next; the last beat is as long as the one before it. Where no downbeats are known each
/// `beats_per_bar`-th beat is one, from the first on. A grid without beats has none.
[[nodiscard]] std::vector<double> division_times(const Grid& grid, Division division, int beats_per_bar = 4);

}  // namespace sfa::slicing
