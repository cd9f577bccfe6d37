// SHA-256 (FIPS 180-4) as 64 lower-case hex digits.
#pragma once
#include <string>
#include <string_view>

namespace sfa::io {

[[nodiscard]] std::string sha256_of(std::string_view bytes);

/// Of a whole file. Throws as io::read_file.
[[nodiscard]] std::string sha256_of_file(const std::string& path);

}  // namespace sfa::io
