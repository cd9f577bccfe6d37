// A training run: a folder with
//   network.safetensors  the best network so far by the validation songs, or the last where there are none
//   state.safetensors    all that the run goes on from
//   log.jsonl            what it did, a line a report
#pragma once
#include "options.hpp"

namespace sfa::tool {

void train(Command& command, const Options& options);

}  // namespace sfa::tool
