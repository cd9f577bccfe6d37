// Tracks read ahead by a thread of their own, for playing live: read() only takes what already
// lies in a ring. A seek is one atomic word; what the thread had read for the time before it is
// passed over.
#pragma once
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "sfa/engine/spsc_ring.hpp"
#include "sfa/engine/track_feed.hpp"

namespace sfa::engine {

class StreamedFeed : public TrackFeed {
 public:
  /// Keeps up to chunks * chunk_frames frames ready.
  explicit StreamedFeed(std::unique_ptr<TrackReader> reader, Frames chunk_frames = 1024, int chunks = 64);
  ~StreamedFeed() override;
  StreamedFeed(const StreamedFeed&) = delete;
  StreamedFeed& operator=(const StreamedFeed&) = delete;

  [[nodiscard]] int channels() const noexcept override { return channels_; }
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
  void read_ahead() noexcept;
  void fill(Chunk& chunk);

  std::unique_ptr<TrackReader> reader_;
  int channels_;
  Frames chunk_frames_;
  SpscRing<Chunk> ring_;
  std::atomic<std::uint64_t> order_{0};    // number of the seek (upper bits) and its frame
  std::atomic<std::uint64_t> finished_{no_order};  // the order whose last chunk has been read
  std::atomic<bool> failed_{false}, stop_{false};
  std::exception_ptr failure_;  // written before failed_
  // The playing side's own.
  Frames used_ = 0;             // of the front chunk
  bool ended_ = false;
  static constexpr std::uint64_t no_order = ~std::uint64_t{0};
  std::thread thread_;          // last: it uses all the above
};

}  // namespace sfa::engine
