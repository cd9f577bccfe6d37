// The small network on a sound that goes on: live_separator.hpp by way of BandUNet's state.
#pragma once
#include <memory>

#include "sfa/separation/live_separator.hpp"

namespace sfa::separation::networks {

/// Throws as make_live_separator().
[[nodiscard]] std::unique_ptr<LiveSeparator> make_live_band_masks(const Checkpoint& checkpoint, const LiveSettings& settings);

}  // namespace sfa::separation::networks
