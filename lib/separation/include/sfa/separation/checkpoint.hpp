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
#include <cstdint>
#include <functional>
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

/// Row-major and dense, whatever strides the file had. Little-endian, as on disk. Its bytes lie in the file
/// where they can, in memory of their own where the file has them compressed, strided or misaligned.
struct StoredTensor {
  Element element = Element::float32;
  std::vector<std::int64_t> shape;          // at most 8 numbers; empty: a scalar
  std::span<const std::byte> bytes;         // product(shape) * size_of(element), aligned to size_of(element)
  std::shared_ptr<const void> keep_alive;   // owns the bytes: the file's mapping or a buffer
};

struct Checkpoint {
  std::string architecture;  // the class's last name: "HTDemucs", "HDemucs", "Demucs"
  ValueMap arguments;        // its keyword arguments; positional ones as "sources", "1", "2", ...
  std::map<std::string, StoredTensor> tensors;
};

/// `file` is the whole of a file, mapped or read, that stays while `owner` lives; its kind is told by
/// its first bytes. Throws Error::invalid_data for what is truncated, damaged, hostile or no checkpoint,
/// Error::unsupported for what is well made and not supported (weights quantised by DiffQ, big endian); the
/// message does not name the file. A zip's checksums are verified for all that is read of it; values are
/// not looked at, so that tensors may hold NaN. Uses at most a few hundred MB and 16 times the file's size.
[[nodiscard]] Checkpoint read_checkpoint(std::span<const std::byte> file, std::shared_ptr<const void> owner);

/// Takes the next bytes of a file.
using ByteSink = std::function<void(std::span<const std::byte> bytes)>;

/// Writes the same as .safetensors, which read_checkpoint() reads without copying: tensors with larger
/// elements first, then by name, beginning at a multiple of 64 bytes. The same bytes for the same
/// checkpoint. Throws Error::invalid_argument for names that are not UTF-8, and what `sink` does.
void write_safetensors(const Checkpoint& checkpoint, const ByteSink& sink);

}  // namespace sfa::separation
