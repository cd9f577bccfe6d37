#include "sfa/slicing/slice_class.hpp"

#include <algorithm>

#include "class_network.hpp"

namespace sfa::slicing {

Verdict classify(const SliceSound& sound) {
  constexpr double silence_db = -60.0;
  if (sound.features.peak_db < silence_db) return {SliceClass::silence, 1.0};
  const auto probabilities = class_probabilities(class_inputs_of(sound));
  const auto best = std::ranges::max_element(probabilities);
  return {static_cast<SliceClass>(best - probabilities.begin()), *best};
}

}  // namespace sfa::slicing
