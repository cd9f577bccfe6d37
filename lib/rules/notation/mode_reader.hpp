// A mode in one line. Private to lib/rules.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "sfa/rules/mode.hpp"

namespace sfa::rules {

/// Complaints begin with `where` and count columns from `column` + 1.
[[nodiscard]] Mode read_mode(std::string_view text, const std::string& where, std::size_t column);

/// What is wrong with a mode whose numbers are within their bounds: more pulses than steps, a step string that
/// is none. Throws Error::invalid_argument.
void check_mode(const Mode& mode);

}  // namespace sfa::rules
