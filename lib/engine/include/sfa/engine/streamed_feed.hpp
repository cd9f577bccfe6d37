// Tracks read ahead by a thread of their own, for playing live: read() only takes what already
// lies in a ring. A seek is one atomic word; what the thread had read for the time before it is
// passed over.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "sfa/engine/spsc_ring.hpp"
#include "sfa/engine/track_feed.hpp"

namespace sfa::engine {

class StreamedFeed : public TrackFeed {
 public:
  /// Keeps up to chunks * chunk_frames frames ready, from when it is first asked for something: where that
  /// is a seek, nothing before its frame is read, and a pipe need not go back.
  explicit StreamedFeed(std::unique_ptr<TrackReader> reader, Frames chunk_frames = 1024, int chunks = 64);
  /// A reader that stands still meanwhile, as on a pipe that nothing comes down, is left behind with its
  /// thread after a moment: it must own what it reads from.
  ~StreamedFeed() override;
  StreamedFeed(const StreamedFeed&) = delete;
  StreamedFeed& operator=(const StreamedFeed&) = delete;

  [[nodiscard]] int channels() const noexcept override { return shared_->channels; }
  AudioView read(Frames frames) noexcept override;
  void seek(Frames frame) noexcept override;
  [[nodiscard]] bool at_end() const noexcept override { return ended_; }
  [[nodiscard]] std::exception_ptr failure() const noexcept override;

  /// Waits until the ring is full or all is read; false if that takes longer than `limit`. For the
  /// thread that will start playing, before it does.
  bool wait_until_full(Seconds limit);

 private:
  struct Chunk {
    std::uint64_t order = 0;  // the seek that it was read for
    Frames frames = 0;
    bool last = false;
    std::vector<float> samples;  // channels * chunk_frames
  };
  static constexpr std::uint64_t no_order = ~std::uint64_t{0};

  /// What the thread uses, so that it may outlive the feed.
  struct Shared {
    Shared(std::unique_ptr<TrackReader> source, Frames frames, int chunks);
    void read_ahead() noexcept;

    std::unique_ptr<TrackReader> reader;
    int channels;
    Frames chunk_frames;
    SpscRing<Chunk> ring;
    std::atomic<std::uint64_t> order{0};            // number of the seek (upper bits) and its frame
    std::atomic<std::uint64_t> finished{no_order};  // the order whose last chunk has been read
    std::atomic<bool> begun{false}, failed{false}, stop{false}, stopped{false};
    std::exception_ptr failure;                     // written before failed
  };

  std::shared_ptr<Shared> shared_;
  // The playing side's own.
  Frames used_ = 0;  // of the front chunk
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace sfa::engine
