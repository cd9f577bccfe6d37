#include "sfa/separation/network_input.hpp"

#include <memory>
#include <utility>

#include "sfa/dsp/stream_resampler.hpp"

namespace sfa::separation {
namespace {

constexpr Frames block = 1 << 16;

/// The channels of `group` alone.
BlockSource part_of(BlockSource source, ChannelGroup group) {
  return [source = std::move(source), group](Frames frames) { return for_network(source(frames), group, group.count); };
}

}  // namespace

NetworkInput::NetworkInput(int channels, SampleRate rate, const NetworkFacts& network, const BlockSource& first,
                           std::function<BlockSource()> open)
    : channels_(channels),
      rate_(rate),
      network_rate_(network.rate),
      network_channels_(network.channels),
      open_(std::move(open)),
      groups_(channel_groups(channels, network.channels)) {
  const auto counted = [&](Frames frames) {
    auto audio = first(frames);
    sound_frames_ += audio.frames();
    return audio;
  };
  dsp::StreamResampler resampler(channels, rate_, network_rate_, counted);
  std::vector<LevelNormMeter> meters(groups_.size());
  for (auto audio = resampler.read(block); audio.frames() > 0; audio = resampler.read(block)) {
    for (std::size_t g = 0; g < groups_.size(); ++g) meters[g].add(for_network(audio, groups_[g], network_channels_));
    frames_ += audio.frames();
  }
  for (const auto& meter : meters) norms_.push_back(meter.norm());
}

BlockSource NetworkInput::open(std::size_t group) const {
  const auto channels = groups_.at(group);
  const auto resampler = std::make_shared<dsp::StreamResampler>(channels.count, rate_, network_rate_,
                                                                part_of(open_(), channels));
  return [resampler, norm = norms_[group], count = network_channels_, all = channels.count](Frames frames) {
    auto audio = for_network(resampler->read(frames), {0, all}, count);
    for (int c = 0; c < count; ++c) norm.apply(audio.channel(c));
    return audio;
  };
}

}  // namespace sfa::separation
