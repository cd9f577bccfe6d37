// The network that tells a slice's class: what it sees and what it says. Private to slicing; trained by
// scripts/train-slices, described in models/slice_class.md.
#pragma once
#include <array>
#include <span>

#include "sfa/slicing/slice_features.hpp"

namespace sfa::slicing {

/// A Timbre's levels, those before it, which of them were heard, and what else tells sounds apart.
inline constexpr int class_inputs = Timbre::bands * (Timbre::stretches + 1) + Timbre::stretches + 1 + 10;

using ClassInputs = std::array<float, class_inputs>;

[[nodiscard]] ClassInputs class_inputs_of(const SliceSound& sound);

/// What the network tells apart: kick to noise, in SliceClass's order. Silence is known by its level.
inline constexpr int network_classes = static_cast<int>(SliceClass::noise) + 1;

/// The probability of each class; they sum to 1.
[[nodiscard]] std::array<double, network_classes> class_probabilities(const ClassInputs& inputs);

}  // namespace sfa::slicing
