// The document sfa.benchmark: see sfa-benchmark(5) and lib/io/schemas/sfa.benchmark.schema.json.
#pragma once
#include <string>
#include <string_view>

#include "sfa/separation/benchmark.hpp"

namespace sfa::io {

/// One JSON object, indented by two spaces with a final newline. `recipe` goes into "made_by". Means and medians are
/// written beside the scores that they are made of; what has no score is null.
[[nodiscard]] std::string to_json(const separation::Benchmark& document, const std::string& recipe = {});

/// Throws Error::invalid_data that names the member and what was expected of it; a version above ours is
/// Error::unsupported. Means and medians are not read.
[[nodiscard]] separation::Benchmark benchmark_from_json(std::string_view text);

}  // namespace sfa::io
