#include "sfa/io/digest.hpp"

#include <vector>

#include "descriptor.hpp"
#include "sha256.hpp"

namespace sfa::io {

std::string sha256_of(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string sha256_of_file(const std::string& path) {
  const auto file = open_input(path);
  Sha256 hash;
  std::vector<std::byte> block(1 << 20);
  for (std::size_t count = block.size(); count == block.size();) {
    count = read_up_to(file.number(), block, path);
    hash.update(std::span(block).first(count));
  }
  return hash.hex();
}

}  // namespace sfa::io
