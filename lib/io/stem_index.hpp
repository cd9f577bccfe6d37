// What lies beside the samples of an entry of the stem store (stem_store.hpp): which of them are finished.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::io {

struct StemIndex {
  struct Block {
    Frames end = 0;      // it begins where the one before ends
    std::string sha256;  // of its samples, channel after channel
  };
  std::string key;
  int channels = 0;
  Frames frames = 0;  // in all
  std::vector<Block> blocks;
  std::string made_with;
  std::vector<float> state;  // of who makes it

  [[nodiscard]] Frames done() const { return blocks.empty() ? 0 : blocks.back().end; }
};

/// Text lines, the state's samples, and the SHA-256 of all that.
[[nodiscard]] std::string to_bytes(const StemIndex& index);

/// None for what to_bytes() did not write.
[[nodiscard]] std::optional<StemIndex> stem_index_from(std::string_view bytes);

}  // namespace sfa::io
