// The command line of sfa-train.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sfa/separation/value.hpp"
#include "sfa/tool/command.hpp"
#include "sfa/training/trainer.hpp"

namespace sfa::tool {

struct Options {
  training::TrainerOptions trainer;
  training::ExampleOptions examples;
  std::vector<std::int64_t> channels{32, 48, 64, 96};
  std::int64_t blocks = 4, mixes = 2, mix = 192, mix_depth = 4, bands = 128;
  bool causal = false, complex_masks = false;
  std::string validation, from;
  int accumulate = 1, workers = 1;
  std::int64_t validate_every = 500;
  double checkpoint_minutes = 5.0;

  /// The network's arguments.
  [[nodiscard]] separation::ValueMap network() const;
};

/// Flags and positionals.
void describe(Command& command, Options& options);

}  // namespace sfa::tool
