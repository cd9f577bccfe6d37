// The document sfa.bank: see sfa-bank(5) and lib/io/schemas/sfa.bank.schema.json.
#pragma once
#include <string>
#include <string_view>

#include "sfa/slicing/bank.hpp"

namespace sfa::io {

/// One JSON object: on one line with `compact`, else indented by two spaces with a final newline.
/// `recipe` goes into "made_by". Infinite levels become null.
[[nodiscard]] std::string to_json(const slicing::Bank& document, const std::string& recipe = {}, bool compact = false);

/// Throws Error::invalid_data that names the member and what was expected of it ("slices[3].end:
/// must be a frame after begin"). Unknown members are passed over; a version above ours is
/// Error::unsupported. Relative paths are kept as they are.
[[nodiscard]] slicing::Bank bank_from_json(std::string_view text);

}  // namespace sfa::io
