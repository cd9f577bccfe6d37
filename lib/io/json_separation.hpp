// What the documents about separations have in common. Private to lib/io.
#pragma once
#include "json_reader.hpp"
#include "sfa/separation/stems.hpp"

namespace sfa::io::json {

/// The member "network".
[[nodiscard]] Object written(const separation::NetworkUse& use);
[[nodiscard]] separation::NetworkUse read_network(const Reader& entry);

/// The member "range".
[[nodiscard]] Object written(const FrameRange& range);
[[nodiscard]] FrameRange read_range(const Reader& entry);

}  // namespace sfa::io::json
