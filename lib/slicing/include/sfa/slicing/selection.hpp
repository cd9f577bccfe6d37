// Which of the slices of a sound go into its bank, and in what order.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "sfa/slicing/slice.hpp"

namespace sfa::slicing {

enum class SliceOrder {
  time,        // as they lie in the sound
  loudness,    // the loudest first
  pitch,       // the lowest first, then those without a pitch
  brightness,  // the darkest first
  length,      // the longest first
  kind,        // by class, as slice_classes() has them; in a class by time
};

/// "time", "loudness", "pitch", "brightness", "length", "class".
[[nodiscard]] std::optional<SliceOrder> slice_order(std::string_view name);

struct Selection {
  std::vector<SliceClass> only{};        // these classes, hat for both hats; all where it is empty
  std::optional<double> group{};         // 0 to 1: number the groups of slices that are that similar
  std::optional<double> unique{};        // 0 to 1: of each such group keep the loudest alone
  int keep = 0;                         // the so many loudest; 0 for all
  SliceOrder order = SliceOrder::time;
  std::optional<double> peak_db{};       // gain that brings each slice's peak there, -60 to 0; silence is left
};

/// Does that in this order and numbers the slices anew, from 0. A group's first slice leads it: a slice
/// belongs to the first group whose leader is as similar (see Timbre) and of the same class group, or leads
/// a new one. Of equals the earlier comes first. Throws Error::invalid_argument outside the ranges above.
[[nodiscard]] std::vector<Slice> select(std::vector<Cut> cuts, const Selection& selection);

}  // namespace sfa::slicing
