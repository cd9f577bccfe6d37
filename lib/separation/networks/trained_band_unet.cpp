#include "trained_band_unet.hpp"

namespace sfa::separation::networks {

BandUNet trained_band_unet(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type) {
  const torch::NoGradGuard guard;
  BandUNet network(band_unet_plan(checkpoint.arguments));
  torch::Device device = torch::kCPU;
  for (const auto& item : network->named_parameters()) {
    const auto taken = weights.take(item.key(), item.value().sizes());
    device = taken.device();
    torch::Tensor(item.value()).copy_(taken);
  }
  for (const auto& item : network->named_buffers())
    if (item.value().is_floating_point()) torch::Tensor(item.value()).copy_(weights.take(item.key(), item.value().sizes()));
  network->eval();
  network->fold_norms();
  network->to(device, type);
  return network;
}

}  // namespace sfa::separation::networks
