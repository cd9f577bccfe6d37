// Tracks read ahead by a thread of their own, for playing live: read() only takes what already lies in a ring.
//
// A seek is an order to that thread; what it had read for the order before is passed over. So is a change of the
// loop, but one that says from when on: until then what lies in the ring is played, so that nothing is missed.
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
  void set_loop(FrameRange loop) noexcept override;
  [[nodiscard]] bool at_end() const noexcept override { return ended_; }
  [[nodiscard]] std::uint64_t lost_frames() const noexcept override { return lost_; }
  [[nodiscard]] std::exception_ptr failure() const noexcept override;

  /// Waits until the ring is full or all is read; false if that takes longer than `limit`. For the
  /// thread that will start playing, before it does.
  bool wait_until_full(Seconds limit);

 private:
  struct Chunk {
    std::uint64_t order = 0;     // the order that it was read for
    Frames frames = 0;
    bool last = false;
    std::vector<float> samples;  // channels * chunk_frames
  };
  static constexpr std::uint64_t no_order = ~std::uint64_t{0};

  struct Order {
    std::uint64_t number = 0;
    Frames frame = 0;            // to go on at,
    std::uint64_t base = 0;      // when of that order
    Frames after = 0;            // so many frames have been read; 0: at once
    FrameRange loop;
  };

  /// The newest order, given without waiting: written between two steps of `sequence`, odd meanwhile, and read again
  /// if that has changed (Lameter, "Effective synchronization on Linux/NUMA systems", 2005: sequence locks).
  struct Desk {
    void put(const Order& order) noexcept;
    [[nodiscard]] Order take() const noexcept;
    [[nodiscard]] std::uint64_t number() const noexcept { return sequence.load(std::memory_order_acquire) / 2; }

    std::atomic<std::uint64_t> sequence{0};
    std::atomic<std::uint64_t> base{0};
    std::atomic<Frames> frame{0}, after{0}, loop_begin{0}, loop_end{0};
  };

  /// What the thread uses, so that it may outlive the feed.
  struct Shared {
    Shared(std::unique_ptr<TrackReader> source, Frames frames, int chunks);
    void read_ahead() noexcept;
    void read_into(Chunk& chunk, Frames& position, const Order& order, Frames most);

    std::unique_ptr<TrackReader> reader;
    int channels;
    Frames chunk_frames;
    SpscRing<Chunk> ring;
    Desk desk;
    std::atomic<std::uint64_t> finished{no_order};  // the order whose last chunk has been read
    std::atomic<bool> begun{false}, failed{false}, stop{false}, stopped{false};
    std::exception_ptr failure;                     // written before failed
  };

  void settle() noexcept;
  AudioView silence(Frames frames) noexcept;
  void give(Frames frame, Frames after) noexcept;
  [[nodiscard]] Frames wrapped(Frames position) const noexcept;

  std::shared_ptr<Shared> shared_;
  // The playing side's own.
  std::uint64_t order_ = 0;    // whose chunks are played
  std::uint64_t newest_ = 0;
  Frames left_ = 0;            // of order_, before the newest takes over
  Frames taken_ = 0;           // of order_
  Frames position_ = 0;
  FrameRange loop_;
  Frames used_ = 0;            // of the front chunk
  bool ended_ = false;
  std::uint64_t lost_ = 0;
  std::vector<float> silence_;
  std::thread thread_;
};

}  // namespace sfa::engine
