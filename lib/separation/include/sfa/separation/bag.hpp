// Several networks that answer together: their stems are averaged with weights of their own. Demucs keeps
// such a bag as YAML (demucs/remote/*.yaml):
//
//   models: ['f7e0c4bc', 'd12395a8']
//   weights: [[1., 0.], [0., 1.]]      # may be left out
//   segment: 44                        # may be left out
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sfa::separation {

struct Bag {
  std::vector<std::string> models;           // signatures: letters, digits, '_', '-' and '.', no path
  std::vector<std::vector<double>> weights;  // [model][stem] >= 0, some > 0 for each stem; empty: all 1
  std::optional<double> segment_seconds;     // > 0; the longest stretch to give to a network at once

  /// What `model` adds to `stem`, 1 where there are no weights. 0 where it need not be run for that stem.
  [[nodiscard]] double weight(std::size_t model, std::size_t stem) const {
    return weights.empty() ? 1.0 : weights.at(model).at(stem);
  }
};

/// At most 64 models and 64 stems. Members that are none of the above are passed over, as Demucs does.
/// Throws Error::invalid_data for what is no such bag.
[[nodiscard]] Bag parse_bag(std::string_view yaml);

}  // namespace sfa::separation
