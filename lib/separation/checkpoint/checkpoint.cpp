#include "sfa/separation/checkpoint.hpp"

#include "safetensors.hpp"
#include "th.hpp"
#include "torch_file.hpp"

namespace sfa::separation {

std::size_t size_of(Element element) {
  switch (element) {
    case Element::boolean: case Element::uint8: case Element::int8: return 1;
    case Element::int16: case Element::float16: case Element::bfloat16: return 2;
    case Element::int32: case Element::float32: return 4;
    case Element::int64: case Element::float64: return 8;
  }
  return 0;
}

Checkpoint read_checkpoint(std::span<const std::byte> file, std::shared_ptr<const void> owner) {
  const HeldBytes held{file, std::move(owner)};
  if (file.empty()) throw Error(Error::Kind::invalid_data, "an empty file is no checkpoint");
  if (is_safetensors(file)) return read_safetensors(held);
  if (is_torch_zip(file) || is_torch_legacy(file)) return read_th(held);
  throw Error(Error::Kind::invalid_data, "no checkpoint: neither a .th of PyTorch nor a .safetensors");
}

}  // namespace sfa::separation
