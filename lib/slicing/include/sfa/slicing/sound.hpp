// A sound that need not be in memory as a whole, and the one channel that stands for all of it.
#pragma once
#include <functional>
#include <vector>

#include "sfa/audio/buffer.hpp"

namespace sfa::slicing {

/// Whoever slices reads in blocks, mostly onward and several times from the begin.
struct Sound {
  SampleRate rate{};
  int channels = 0;
  /// The frames of a range that exist; fewer than asked for, or none, where the sound ends.
  std::function<AudioBuffer(FrameRange)> read;
};

/// Of audio in memory, which must outlive it.
[[nodiscard]] Sound sound_of(const AudioView& audio);

/// The one channel that stands for all.
struct OneChannel {
  int index = -1;    // below 0: the mean of all
  int exponent = 0;  // samples are divided by 2 to the power of it
  friend bool operator==(OneChannel, OneChannel) = default;
};

/// Its samples. What would still lie beyond 120 dBFS is clipped there.
[[nodiscard]] std::vector<float> one_channel(const AudioView& audio, OneChannel channel);

/// Finds that channel: the mean, or the strongest channel where they cancel out. Samples beyond 120 dBFS, as float
/// files may hold them, are brought down to full scale by a power of two, which changes no ratio: spectra and
/// energies in single precision would overflow.
class ProminentChannel {
 public:
  explicit ProminentChannel(int channels) : powers_(static_cast<std::size_t>(channels)) {}
  /// The next frames.
  void add(const AudioView& audio);
  [[nodiscard]] OneChannel channel() const;

 private:
  std::vector<double> powers_;
  double mean_ = 0.0;
  float highest_ = 0.0F;
};

/// The same for audio in memory: one_channel() of the channel that stands for all.
[[nodiscard]] std::vector<float> prominent_channel(const AudioView& audio);

}  // namespace sfa::slicing
