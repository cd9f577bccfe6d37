// A benchmark for people.
#pragma once
#include <string>

#include "sfa/separation/benchmark.hpp"

namespace sfa::tool {

/// One table for each figure: a line for each song, as it was separated, and one for its mixture.
[[nodiscard]] std::string benchmark_table(const separation::Benchmark& benchmark);

}  // namespace sfa::tool
