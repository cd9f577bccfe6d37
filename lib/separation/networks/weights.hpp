// A checkpoint's tensors as libtorch's, taken by name while the layers are built.
#pragma once
#include <torch/types.h>

#include <initializer_list>
#include <set>
#include <string>

#include "sfa/separation/checkpoint.hpp"

namespace sfa::separation::networks {

class Weights {
 public:
  Weights(const Checkpoint& checkpoint, torch::Device device) : checkpoint_(checkpoint), device_(device) {}

  /// Makes up each tensor that is asked for and puts it into `filled`: a network that was never trained.
  Weights(Checkpoint& filled, std::uint64_t seed) : checkpoint_(filled), filled_(&filled), device_(torch::kCPU), seed_(seed) {}

  /// As float32 on the device. -1 in `shape` stands for any size. Throws Error::invalid_data for a tensor
  /// that is missing, has another shape, or holds NaN or infinity.
  [[nodiscard]] torch::Tensor take(const std::string& name, torch::IntArrayRef shape);

  [[nodiscard]] bool has(const std::string& name) const { return checkpoint_.tensors.contains(name); }

  /// Throws Error::invalid_data if the checkpoint has a tensor that nobody took: it is another network's.
  void check_all_taken() const;

  [[nodiscard]] std::int64_t parameters() const { return parameters_; }

 private:
  void make_up(const std::string& name, torch::IntArrayRef shape);

  const Checkpoint& checkpoint_;
  Checkpoint* filled_ = nullptr;
  torch::Device device_;
  std::uint64_t seed_ = 0;
  std::set<std::string> taken_;
  std::int64_t parameters_ = 0;
};

/// The tensors below one name: Scope("encoder.0.")("conv.weight", ...) takes encoder.0.conv.weight.
class Scope {
 public:
  Scope(Weights& weights, std::string prefix) : weights_(&weights), prefix_(std::move(prefix)) {}
  [[nodiscard]] Scope operator/(const std::string& name) const { return {*weights_, prefix_ + name + "."}; }
  [[nodiscard]] Scope operator/(std::int64_t index) const { return *this / std::to_string(index); }
  [[nodiscard]] torch::Tensor operator()(const std::string& name, std::initializer_list<std::int64_t> shape) const {
    return weights_->take(prefix_ + name, shape);
  }
  [[nodiscard]] bool has(const std::string& name) const { return weights_->has(prefix_ + name); }

 private:
  Weights* weights_;
  std::string prefix_;
};

}  // namespace sfa::separation::networks
