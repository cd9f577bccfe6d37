// Overlapping windows of a signal that arrives piece by piece: window i is centred on sample i * hop, and the
// signal is zero outside itself.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"

namespace sfa::analysis {

class HopFrames {
 public:
  /// `size_frames` even, `hop_frames` >= 1.
  HopFrames(int size_frames, int hop_frames)
      : size_(static_cast<std::size_t>(size_frames)), hop_(static_cast<std::size_t>(hop_frames)),
        pending_(size_ / 2, 0.0F) {}

  /// Takes the next samples and calls `sink` with each window that they complete, in order.
  template <typename Sink>
  void add(std::span<const float> samples, Sink&& sink) {
    constexpr std::size_t block = 65536;  // what `pending_` may grow by
    for (; !samples.empty(); samples = samples.subspan(std::min(block, samples.size()))) {
      const auto part = samples.first(std::min(block, samples.size()));
      pending_.insert(pending_.end(), part.begin(), part.end());
      while (begin_ + size_ <= pending_.size()) next(sink);
      const auto done = std::min(begin_, pending_.size());
      pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(done));
      begin_ -= done;
    }
  }

  /// Windows that reach beyond the end, until there are `frames` in all.
  template <typename Sink>
  void finish(Frames frames, Sink&& sink) {
    while (count_ < frames) {
      if (pending_.size() < begin_ + size_) pending_.resize(begin_ + size_, 0.0F);
      next(sink);
    }
  }

  /// Windows so far.
  [[nodiscard]] Frames count() const { return count_; }

 private:
  template <typename Sink>
  void next(Sink&& sink) {
    const auto window = std::span<const float>(pending_).subspan(begin_, size_);
    begin_ += hop_;
    ++count_;
    sink(window);
  }

  std::size_t size_, hop_;
  std::vector<float> pending_;
  std::size_t begin_ = 0;  // of the next window in `pending_`
  Frames count_ = 0;
};

}  // namespace sfa::analysis
