// Audio in memory: planar 32-bit float, full scale at 1.0, channel after channel.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/units.hpp"

namespace sfa {

/// Read-only sight of audio that somebody else owns. Cheap to copy. Channels lie
/// `stride` samples apart, so that a range of frames of a buffer is a view too.
class AudioView {
 public:
  AudioView() = default;
  AudioView(const float* data, int channels, Frames frames, Frames stride, SampleRate rate)
      : data_(data), channels_(channels), frames_(frames), stride_(stride), rate_(rate) {}
  /// One channel.
  AudioView(std::span<const float> mono, SampleRate rate)
      : AudioView(mono.data(), 1, static_cast<Frames>(mono.size()), static_cast<Frames>(mono.size()), rate) {}

  [[nodiscard]] int channels() const { return channels_; }
  [[nodiscard]] Frames frames() const { return frames_; }
  [[nodiscard]] SampleRate rate() const { return rate_; }
  [[nodiscard]] bool empty() const { return channels_ == 0 || frames_ == 0; }
  [[nodiscard]] FrameRange range() const { return {0, frames_}; }
  [[nodiscard]] Seconds duration() const { return to_seconds(frames_, rate_); }

  /// All frames of a channel, 0 <= index < channels().
  [[nodiscard]] std::span<const float> channel(int index) const {
    return {data_ + index * stride_, static_cast<std::size_t>(frames_)};
  }

  /// The frames of `range` that exist.
  [[nodiscard]] AudioView slice(FrameRange range) const {
    const auto part = intersect(range, this->range());
    return {part.empty() ? data_ : data_ + part.begin, channels_, part.size(), stride_, rate_};
  }

 private:
  const float* data_ = nullptr;
  int channels_ = 0;
  Frames frames_ = 0;
  Frames stride_ = 0;
  SampleRate rate_{};
};

/// Owns its samples, which start as zeros.
class AudioBuffer {
 public:
  AudioBuffer() = default;
  /// channels >= 0, frames >= 0. Throws Error::invalid_argument otherwise.
  AudioBuffer(int channels, Frames frames, SampleRate rate);
  /// A copy of what `view` shows.
  explicit AudioBuffer(const AudioView& view);

  [[nodiscard]] int channels() const { return channels_; }
  [[nodiscard]] Frames frames() const { return frames_; }
  [[nodiscard]] SampleRate rate() const { return rate_; }
  [[nodiscard]] bool empty() const { return samples_.empty(); }

  [[nodiscard]] std::span<float> channel(int index) {
    return {samples_.data() + index * frames_, static_cast<std::size_t>(frames_)};
  }
  [[nodiscard]] std::span<const float> channel(int index) const {
    return {samples_.data() + index * frames_, static_cast<std::size_t>(frames_)};
  }

  [[nodiscard]] AudioView view() const { return {samples_.data(), channels_, frames_, frames_, rate_}; }
  operator AudioView() const { return view(); }  // NOLINT: a buffer can be read wherever a view can

 private:
  int channels_ = 0;
  Frames frames_ = 0;
  SampleRate rate_{};
  std::vector<float> samples_;
};

/// The mean of all channels, finite where they are; one channel is copied. No channels give an empty vector.
[[nodiscard]] std::vector<float> to_mono(const AudioView& audio);

/// The largest absolute sample, 0 for empty audio. NaN counts as infinite.
[[nodiscard]] float peak(const AudioView& audio);

/// True if no sample is NaN or infinite.
[[nodiscard]] bool all_finite(const AudioView& audio);

}  // namespace sfa
