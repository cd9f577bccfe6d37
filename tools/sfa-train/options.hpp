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
  std::string validation, from, plot;
  int accumulate = 1, workers = 1;
  std::int64_t report_every = 50, validate_every = 500;  // steps
  double checkpoint_minutes = 5.0;

  /// The arguments of a network that is trained from scratch.
  [[nodiscard]] separation::ValueMap network() const;
};

/// Flags and positionals.
void describe(Command& command, Options& options);

/// Throws UsageError for options that do not go together.
void check(Command& command, Options& options);

}  // namespace sfa::tool
