// Demucs's checkpoints as demucs/states.py writes them: {klass, args, kwargs, state, ...} by torch.save.
#pragma once
#include "held_bytes.hpp"
#include "sfa/separation/checkpoint.hpp"

namespace sfa::separation {

/// Errors as read_checkpoint().
[[nodiscard]] Checkpoint read_th(const HeldBytes& file);

}  // namespace sfa::separation
