// Stems of a sound that is still going on: a causal network, one short frame at a time, with what it heard before in its
// memory. Blocks of any size go in and the stems come out a fixed time later; no frame depends on a later one than that.
//
// The network hears the sound at the sound's own rate: frames, hops and bands are made as long as at the network's
// (band_transform.hpp: at_rate), so that nothing is resampled and stems add up to the sound, whose level should be that
// of recorded music. On one thread of the CPU: the same bits for the same samples, whatever the blocks.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/separation/network.hpp"

namespace sfa::separation {

struct LiveSettings {
  SampleRate rate{};                            // of the sound
  int channels = 2;                             // of the sound, in groups as in channel_groups.hpp
  Precision precision = Precision::automatic;   // float32: single frames are multiplied no faster in bfloat16
};

struct LiveInfo {
  std::vector<std::string> sources;  // the stems, in the order of push()'s
  SampleRate rate{};
  int channels = 0;
  Frames hop_frames = 0;             // stems come in multiples of it
  Frames latency_frames = 0;         // 2 hops: when frame n + latency_frames has come in, the stems' frame n has gone out
  std::int64_t parameters = 0;
  Precision precision = Precision::float32;
};

class LiveSeparator {
 public:
  virtual ~LiveSeparator() = default;
  [[nodiscard]] virtual const LiveInfo& info() const = 0;

  /// The sound goes on with `block`, finite samples. Returns the next frames of the stems, all of one shape, as many
  /// as are known by now, none too: the first frame that comes out is the sound's first.
  [[nodiscard]] virtual std::vector<AudioBuffer> push(const AudioView& block) = 0;

  /// The sound is over. Returns what is left: as many frames as came in have then gone out. Call it once, at the end.
  [[nodiscard]] virtual std::vector<AudioBuffer> finish() = 0;
};

/// Throws Error::unsupported for a network that looks ahead, and what make_network() throws.
[[nodiscard]] std::unique_ptr<LiveSeparator> make_live_separator(const Checkpoint& checkpoint, const LiveSettings& settings);

}  // namespace sfa::separation
