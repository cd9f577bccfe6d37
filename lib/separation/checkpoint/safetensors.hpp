// https://github.com/huggingface/safetensors#format: eight bytes that tell the length of a JSON header, the
// header, and the tensors' bytes without holes.
#pragma once
#include "held_bytes.hpp"
#include "sfa/separation/checkpoint.hpp"

namespace sfa::separation {

[[nodiscard]] bool is_safetensors(std::span<const std::byte> file);

/// Errors as read_checkpoint().
[[nodiscard]] Checkpoint read_safetensors(const HeldBytes& file);

}  // namespace sfa::separation
