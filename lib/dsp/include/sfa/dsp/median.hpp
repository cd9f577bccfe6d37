// Running median, the non-linear smoother that drops outliers and keeps edges.
// Tukey, "Exploratory Data Analysis", 1977, chapter 7; here a sorted window that takes in one
// value and gives up one at each step.
#pragma once
#include <span>

namespace sfa::dsp {

/// out[i] = median of in[i - size/2 .. i + size/2], of what exists of it near the ends; the mean
/// of the two middle values where their count is even. `size` >= 1 and odd, `out` as long as
/// `in` and not overlapping it, all values finite. Throws Error::invalid_argument for the sizes.
void running_median(std::span<const float> in, int size, std::span<float> out);

}  // namespace sfa::dsp
