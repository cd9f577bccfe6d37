#include "sfa/separation/channel_groups.hpp"

#include <algorithm>

#include "sfa/audio/error.hpp"

namespace sfa::separation {

std::vector<ChannelGroup> channel_groups(int channels, int network_channels) {
  if (channels < 1 || network_channels < 1)
    throw Error(Error::Kind::invalid_argument, "sounds and networks have at least one channel");
  std::vector<ChannelGroup> groups;
  for (int first = 0; first < channels; first += network_channels)
    groups.push_back({first, std::min(network_channels, channels - first)});
  return groups;
}

AudioBuffer for_network(const AudioView& sound, ChannelGroup group, int network_channels) {
  AudioBuffer given(network_channels, sound.frames(), sound.rate());
  for (int c = 0; c < network_channels; ++c)
    std::ranges::copy(sound.channel(group.first + c % group.count), given.channel(c).begin());
  return given;
}

void from_network(const AudioView& stem, ChannelGroup group, AudioBuffer& sound) {
  for (int c = 0; c < group.count; ++c) {
    const auto to = sound.channel(group.first + c);
    const int times = (stem.channels() - c + group.count - 1) / group.count;
    std::ranges::fill(to, 0.0F);
    for (int from = c; from < stem.channels(); from += group.count) {
      const auto part = stem.channel(from);
      for (std::size_t i = 0; i < to.size(); ++i) to[i] += part[i] / static_cast<float>(times);
    }
  }
}

}  // namespace sfa::separation
