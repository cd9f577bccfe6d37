// A training run: a folder with
//   network.safetensors  the best network so far by the validation songs, or the last where there are none
//   state.safetensors    all that the run goes on from
//   log.jsonl            what it did, a line a report (sfa/training/training_log.hpp)
#pragma once
#include "options.hpp"

namespace sfa::tool {

inline constexpr auto network_name = "network.safetensors", state_name = "state.safetensors", log_name = "log.jsonl";

/// Begins the run, or goes on with the one that is there.
void train(Command& command, const Options& options);

}  // namespace sfa::tool
