// The member "source" that bank, stems and analysis have in common. Private to lib/io.
#pragma once
#include "json_reader.hpp"
#include "sfa/audio/source.hpp"

namespace sfa::io::json {

[[nodiscard]] Object written(const Source& source);

/// "path" and "sha256" may be absent; a "sha256" that is there must have 64 hex digits.
[[nodiscard]] Source read_source(const Reader& entry);

}  // namespace sfa::io::json
