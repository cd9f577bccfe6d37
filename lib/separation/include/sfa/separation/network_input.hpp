// A sound as a network is to hear it: at its rate, in groups of its channels, at the level it was trained on.
// Nothing of it is held in memory but a few blocks: it is read anew for each group and each network.
#pragma once
#include <functional>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/separation/channel_groups.hpp"
#include "sfa/separation/engine.hpp"
#include "sfa/separation/level_norm.hpp"
#include "sfa/separation/network_facts.hpp"

namespace sfa::separation {

class NetworkInput {
 public:
  /// Reads the sound once, from `first`; `open` gives it from its beginning again, as often as it is asked.
  /// Throws what they do.
  NetworkInput(int channels, SampleRate rate, const NetworkFacts& network, const BlockSource& first,
               std::function<BlockSource()> open);

  [[nodiscard]] Frames frames() const { return frames_; }  // at the network's rate
  [[nodiscard]] int channels() const { return channels_; }
  [[nodiscard]] SampleRate sound_rate() const { return rate_; }
  [[nodiscard]] Frames sound_frames() const { return sound_frames_; }
  [[nodiscard]] SampleRate network_rate() const { return network_rate_; }
  [[nodiscard]] int network_channels() const { return network_channels_; }
  [[nodiscard]] const std::vector<ChannelGroup>& groups() const { return groups_; }
  [[nodiscard]] const LevelNorm& norm(std::size_t group) const { return norms_.at(group); }

  /// One group for the network.
  [[nodiscard]] BlockSource open(std::size_t group) const;

 private:
  int channels_;
  SampleRate rate_, network_rate_;
  int network_channels_;
  std::function<BlockSource()> open_;
  std::vector<ChannelGroup> groups_;
  std::vector<LevelNorm> norms_;
  Frames frames_ = 0, sound_frames_ = 0;
};

}  // namespace sfa::separation
