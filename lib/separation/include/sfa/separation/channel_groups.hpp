// How a sound of any number of channels goes through a network that takes a fixed number of them: in groups of so
// many, the last of which may have fewer. A network's channel i is given channel i mod n of a group of n, so that
// mono goes in as two equal channels; what it makes of a channel that it was given twice is averaged.
#pragma once
#include <vector>

#include "sfa/audio/buffer.hpp"

namespace sfa::separation {

struct ChannelGroup {
  int first = 0;
  int count = 0;  // 1 to what the network takes
};

/// Throws Error::invalid_argument for counts below 1.
[[nodiscard]] std::vector<ChannelGroup> channel_groups(int channels, int network_channels);

/// The channels of `group` as a network of `network_channels` is given them.
[[nodiscard]] AudioBuffer for_network(const AudioView& sound, ChannelGroup group, int network_channels);

/// The reverse: what a network made of `group` goes into those channels of `sound`, which has as many frames.
void from_network(const AudioView& stem, ChannelGroup group, AudioBuffer& sound);

}  // namespace sfa::separation
