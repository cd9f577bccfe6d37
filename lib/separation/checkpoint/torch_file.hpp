// What torch.save writes, whichever way: a pickled object, and the storages that its tensors look into.
// torch/serialization.py: _save for the zip, _legacy_save for the chain of pickles before PyTorch 1.6.
#pragma once
#include <functional>
#include <string>

#include "held_bytes.hpp"
#include "pickle.hpp"
#include "sfa/separation/checkpoint.hpp"

namespace sfa::separation {

/// A storage as the pickle refers to it: ('storage', torch.HalfStorage, key, location, count, ...).
struct StorageReference {
  Element element = Element::float32;
  std::string key;
  std::uint64_t count = 0;  // of elements
};

struct TorchFile {
  pickle::Graph graph;
  std::function<HeldBytes(const StorageReference&)> storage;  // count * size_of(element) bytes
};

[[nodiscard]] bool is_torch_zip(std::span<const std::byte> file);
[[nodiscard]] TorchFile open_torch_zip(const HeldBytes& file, MemoryBudget& budget);

[[nodiscard]] bool is_torch_legacy(std::span<const std::byte> file);
[[nodiscard]] TorchFile open_torch_legacy(const HeldBytes& file);

/// Throws Error::invalid_data for what is none, Error::unsupported for elements that Element has not.
[[nodiscard]] StorageReference storage_reference(const pickle::Graph& graph, const pickle::Persistent& reference);

/// The tensor that a node stands for when Python would rebuild it by torch._utils._rebuild_tensor_v2 and its
/// kin: dense, row-major. Throws Error::invalid_data where it looks beyond its storage.
[[nodiscard]] StoredTensor rebuild_tensor(const TorchFile& file, pickle::Id id, MemoryBudget& budget);

}  // namespace sfa::separation
