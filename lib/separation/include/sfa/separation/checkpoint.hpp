// A trained network as it lies in a file: its class by name, its keyword arguments, its tensors.
// Read without building anything that the file names, so that a hostile file can do no harm.
//
// .th           PyTorch's archives as torch.save writes them: a zip with a pickle and the storages
//               (1.6 and later, stored or deflated, zip64), or the older chain of pickles. They hold
//               {klass, args, kwargs, state, ...} as Demucs writes it (demucs/states.py).
// .safetensors  https://huggingface.co/docs/safetensors: a JSON header and the tensors' bytes. Class
//               and arguments lie in __metadata__ as "architecture" and "arguments" (JSON).
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sfa/separation/value.hpp"

namespace sfa::separation {

enum class Element { boolean, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64 };

/// In bytes.
[[nodiscard]] std::size_t size_of(Element element);

/// Row-major and dense, whatever strides the file had. Little-endian, as on disk.
struct StoredTensor {
  Element element = Element::float32;
  std::vector<std::int64_t> shape;          // empty: a scalar
  std::span<const std::byte> bytes;         // product(shape) * size_of(element)
  std::shared_ptr<const void> keep_alive;   // owns the bytes: the file's mapping or a buffer
};

struct Checkpoint {
  std::string architecture;  // the class's last name: "HTDemucs", "HDemucs", "Demucs"
  ValueMap arguments;        // its keyword arguments; positional ones as "0", "1", ...
  std::map<std::string, StoredTensor> tensors;
};

/// `file` is the whole of a file, mapped or read, that stays while `owner` lives; its kind is told by
/// its first bytes. Throws Error::invalid_data for what is truncated, damaged, hostile or no checkpoint,
/// Error::unsupported for what is well made and not supported (weights quantised by DiffQ, big endian).
/// No input makes it use more memory than a small multiple of the file's size and of the tensors' own.
[[nodiscard]] Checkpoint read_checkpoint(std::span<const std::byte> file, std::shared_ptr<const void> owner);

/// The same as .safetensors: tensors by name, each aligned to 64 bytes... The same bytes for the same
/// checkpoint. Tensors of the returned text are copies.
[[nodiscard]] std::string to_safetensors(const Checkpoint& checkpoint);

}  // namespace sfa::separation
