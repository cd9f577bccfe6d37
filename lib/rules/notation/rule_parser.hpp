// A rule out of a line. Private to lib/rules.
#pragma once
#include "reader.hpp"

namespace sfa::rules {

/// Reads up to the end of the line.
[[nodiscard]] Rule read_rule(Reader& reader);

}  // namespace sfa::rules
