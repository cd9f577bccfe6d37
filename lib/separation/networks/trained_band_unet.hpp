// A BandUNet with a checkpoint's weights, ready to run.
#pragma once
#include "band_unet.hpp"
#include "weights.hpp"

namespace sfa::separation::networks {

/// On the device of the weights, its norms folded, products and convolutions in `type`. Throws as band_unet_plan() and
/// Weights::take().
[[nodiscard]] BandUNet trained_band_unet(const Checkpoint& checkpoint, Weights& weights, torch::ScalarType type);

}  // namespace sfa::separation::networks
