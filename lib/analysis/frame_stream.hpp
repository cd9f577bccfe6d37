// Overlapping windows of a signal that arrives piece by piece: window i is centred on the sample
// nearest to time i / frames_per_second, and the signal is zero outside itself.
#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

class FrameStream {
 public:
  /// `size_frames` even.
  FrameStream(SampleRate rate, int size_frames, int frames_per_second)
      : rate_(rate), size_(size_frames), frames_per_second_(frames_per_second), begin_(-size_frames / 2),
        pending_(static_cast<std::size_t>(size_frames / 2), 0.0F) {}

  /// Takes the next samples and calls `sink` with each window that they complete.
  template <typename Sink>
  void add(std::span<const float> mono, Sink&& sink) {
    constexpr std::size_t block = 65536;  // what `pending_` may grow by
    for (; !mono.empty(); mono = mono.subspan(std::min(block, mono.size()))) {
      const auto part = mono.first(std::min(block, mono.size()));
      length_ += static_cast<Frames>(part.size());
      take(part, sink);
    }
  }

  /// The windows that reach beyond the end: all whose centre lies inside the signal.
  template <typename Sink>
  void finish(Sink&& sink) {
    take(std::vector<float>(static_cast<std::size_t>(size_), 0.0F), sink);
  }

 private:
  [[nodiscard]] Frames centre() const { return (next_ * rate_.hz + frames_per_second_ / 2) / frames_per_second_; }

  template <typename Sink>
  void take(std::span<const float> samples, Sink&& sink) {
    pending_.insert(pending_.end(), samples.begin(), samples.end());
    const auto end = begin_ + static_cast<Frames>(pending_.size());
    for (; centre() + size_ / 2 <= end && centre() < length_; ++next_)
      sink(std::span(pending_).subspan(static_cast<std::size_t>(centre() - size_ / 2 - begin_),
                                       static_cast<std::size_t>(size_)));
    const auto done = std::clamp<Frames>(centre() - size_ / 2 - begin_, 0, static_cast<Frames>(pending_.size()));
    pending_.erase(pending_.begin(), pending_.begin() + done);
    begin_ += done;
  }

  SampleRate rate_;
  int size_, frames_per_second_;
  Frames begin_;                // position of the first pending sample
  std::vector<float> pending_;  // what windows to come still need
  Frames next_ = 0;             // window
  Frames length_ = 0;           // of the signal so far
};

/// The smallest even size >= `least` without a prime factor above 7: the transform is fast at it.
[[nodiscard]] inline int transform_size(double least) {
  for (int size = std::max(4, static_cast<int>(std::ceil(least / 2.0)) * 2);; size += 2) {
    int rest = size;
    for (const int prime : {2, 3, 5, 7})
      while (rest % prime == 0) rest /= prime;
    if (rest == 1) return size;
  }
}

}  // namespace sfa::analysis
