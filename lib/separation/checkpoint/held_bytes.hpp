// Bytes and who keeps them: a file's mapping, or memory of their own that a budget allows.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "byte_reader.hpp"

namespace sfa::separation {

struct HeldBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> keep_alive;

  /// A part of them. Throws Error::invalid_data where it reaches beyond their end.
  [[nodiscard]] HeldBytes part(std::uint64_t offset, std::uint64_t length) const {
    if (offset > bytes.size() || length > bytes.size() - offset) damaged("data lie beyond its end");
    return {bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length)), keep_alive};
  }
};

/// Of a tensor. Networks have 5; each costs memory for a few bits of a file.
constexpr std::size_t most_dimensions = 8;

/// How much memory a file of some size may ask for besides itself. Weights shrink to nine tenths when
/// deflated, so that a file which wants a hundred times its size is a bomb; small ones may hold zeros.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t file_size)
      : left_((std::uint64_t{64} << 20) + 16 * std::uint64_t{file_size}) {}

  void spend(std::uint64_t bytes) {
    if (bytes > left_) damaged("it announces more data than its size can hold");
    left_ -= bytes;
  }

 private:
  std::uint64_t left_;
};

}  // namespace sfa::separation
