// Numbers on the command line that have bounds.
#pragma once
#include <CLI/CLI.hpp>

namespace sfa::tool {

/// Takes numbers from `low` to `high`, both included. NaN is none of them (CLI::Range takes it). Help
/// tells the bounds as "0..100", and none that nobody meets.
[[nodiscard]] CLI::Validator between(double low, double high);

}  // namespace sfa::tool
