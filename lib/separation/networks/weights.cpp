#include "weights.hpp"

#include <torch/torch.h>

#include <cmath>
#include <cstring>
#include <span>
#include <sstream>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

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

bool matches(const std::vector<std::int64_t>& shape, torch::IntArrayRef wanted) {
  return std::equal(shape.begin(), shape.end(), wanted.begin(), wanted.end(),
                    [](auto have, auto want) { return want < 0 || have == want; });
}

}  // namespace

// As PyTorch starts its layers: uniform below 1 / sqrt(what is summed up), norms as they pass on, and the
// scales of residual branches small.
void Weights::make_up(const std::string& name, torch::IntArrayRef shape) {
  const auto ends_in = [&](const std::string& end) { return name.ends_with(end); };
  auto values = std::make_shared<std::vector<float>>();
  std::size_t count = 1;
  for (const auto size : shape) count *= static_cast<std::size_t>(size);
  values->resize(count);
  const bool is_matrix = shape.size() > 1;
  const double summed = is_matrix ? static_cast<double>(count) / static_cast<double>(shape.front()) : 64.0;
  const float still = ends_in("scale") ? 1e-3F : (ends_in("weight") && !is_matrix) || ends_in("running_var") ? 1.0F : 0.0F;
  const double spread = is_matrix || ends_in("bias") ? 1.0 / std::sqrt(summed) : 0.0;
  Random random(seed_, filled_->tensors.size());
  for (auto& value : *values) value = still + static_cast<float>(random.uniform(-spread, spread));
  const auto bytes = std::as_bytes(std::span(*values));
  filled_->tensors[name] = {Element::float32, shape.vec(), bytes, std::move(values)};
}

torch::Tensor Weights::take(const std::string& name, torch::IntArrayRef shape) {
  if (filled_ != nullptr) make_up(name, shape);
  const auto found = checkpoint_.tensors.find(name);
  if (found == checkpoint_.tensors.end())
    throw Error(Error::Kind::invalid_data, checkpoint_.architecture + ": tensor " + name + " is missing");
  const auto& stored = found->second;
  if (!matches(stored.shape, shape))
    throw Error(Error::Kind::invalid_data, checkpoint_.architecture + ": tensor " + name + " is " +
                                               shape_text(stored.shape) + ", not " + shape_text(shape));
  auto tensor = torch::empty(stored.shape, scalar_type(stored.element));
  if (!stored.bytes.empty()) std::memcpy(tensor.data_ptr(), stored.bytes.data(), stored.bytes.size());
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
