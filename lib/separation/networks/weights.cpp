#include "weights.hpp"

#include <torch/torch.h>

#include <sstream>

#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {
namespace {

torch::ScalarType scalar_type(Element element) {
  switch (element) {
    case Element::boolean: return torch::kBool;
    case Element::uint8: return torch::kUInt8;
    case Element::int8: return torch::kInt8;
    case Element::int16: return torch::kInt16;
    case Element::int32: return torch::kInt32;
    case Element::int64: return torch::kInt64;
    case Element::float16: return torch::kFloat16;
    case Element::bfloat16: return torch::kBFloat16;
    case Element::float32: return torch::kFloat32;
    case Element::float64: return torch::kFloat64;
  }
  return torch::kFloat32;
}

template <class Sizes>
std::string shape_text(const Sizes& sizes) {
  std::ostringstream text;
  for (const auto size : sizes) text << (text.tellp() > 0 ? "x" : "") << (size < 0 ? "N" : std::to_string(size));
  return text.tellp() > 0 ? text.str() : "a number";
}

bool matches(const std::vector<std::int64_t>& shape, std::initializer_list<std::int64_t> wanted) {
  return std::equal(shape.begin(), shape.end(), wanted.begin(), wanted.end(),
                    [](auto have, auto want) { return want < 0 || have == want; });
}

}  // namespace

torch::Tensor Weights::take(const std::string& name, std::initializer_list<std::int64_t> shape) {
  const auto found = checkpoint_.tensors.find(name);
  if (found == checkpoint_.tensors.end())
    throw Error(Error::Kind::invalid_data, checkpoint_.architecture + ": tensor " + name + " is missing");
  const auto& stored = found->second;
  if (!matches(stored.shape, shape))
    throw Error(Error::Kind::invalid_data, checkpoint_.architecture + ": tensor " + name + " is " +
                                               shape_text(stored.shape) + ", not " + shape_text(shape));
  // from_blob wants bytes that it may change; they are copied at once.
  auto* bytes = const_cast<std::byte*>(stored.bytes.data());  // NOLINT
  auto tensor = torch::empty(stored.shape, scalar_type(stored.element));
  if (!stored.bytes.empty()) std::memcpy(tensor.data_ptr(), bytes, stored.bytes.size());
  tensor = tensor.to(torch::kFloat32);
  if (!torch::isfinite(tensor).all().item<bool>())
    throw Error(Error::Kind::invalid_data, checkpoint_.architecture + ": tensor " + name + " holds NaN or infinity");
  taken_.insert(name);
  parameters_ += tensor.numel();
  return tensor.to(device_);
}

void Weights::check_all_taken() const {
  for (const auto& [name, tensor] : checkpoint_.tensors)
    if (!taken_.contains(name))
      throw Error(Error::Kind::invalid_data, checkpoint_.architecture + " with these arguments has no tensor " + name);
}

}  // namespace sfa::separation::networks
