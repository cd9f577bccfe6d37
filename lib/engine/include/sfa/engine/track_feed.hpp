// Where the tracks' samples come from. All tracks that play in step are read as one: their
// channels lie side by side, so that none can run ahead of another.
#pragma once
#include <exception>
#include <memory>

#include "sfa/audio/buffer.hpp"
#include "sfa/engine/block.hpp"

namespace sfa::engine {

/// Decodes; may take its time, allocate and throw. Implemented where files are known.
class TrackReader {
 public:
  virtual ~TrackReader() = default;
  /// Of all tracks together.
  [[nodiscard]] virtual int channels() const = 0;
  /// Fills `into` with the next frames, fewer only at the end. Returns how many.
  virtual Frames read(const Block& into) = 0;
  /// Continues at `frame` >= 0; beyond the end, read() returns 0.
  virtual void seek(Frames frame) = 0;
};

/// What the engine sees of it.
class TrackFeed {
 public:
  virtual ~TrackFeed() = default;
  [[nodiscard]] virtual int channels() const noexcept = 0;
  /// At most `frames` >= 1 of the next frames, good until the next call; none if they are not
  /// there yet or the end is reached.
  virtual AudioView read(Frames frames) noexcept = 0;
  virtual void seek(Frames frame) noexcept = 0;
  /// From now on goes on with the loop's begin where its end is reached; an empty loop: no more.
  virtual void set_loop(FrameRange loop) noexcept = 0;
  /// All has been read.
  [[nodiscard]] virtual bool at_end() const noexcept = 0;
  /// Frames of silence given in place of what was not there in time.
  [[nodiscard]] virtual std::uint64_t lost_frames() const noexcept { return 0; }
  /// What the reader threw, which also ends the tracks.
  [[nodiscard]] virtual std::exception_ptr failure() const noexcept = 0;
};

/// Reads when asked: for rendering to a file, where nobody waits.
class DirectFeed : public TrackFeed {
 public:
  explicit DirectFeed(std::unique_ptr<TrackReader> reader, Frames chunk_frames = 1024);
  [[nodiscard]] int channels() const noexcept override { return buffer_.channels(); }
  AudioView read(Frames frames) noexcept override;
  void seek(Frames frame) noexcept override;
  void set_loop(FrameRange loop) noexcept override { loop_ = loop; }
  [[nodiscard]] bool at_end() const noexcept override { return last_ && begin_ == end_; }
  [[nodiscard]] std::exception_ptr failure() const noexcept override { return failure_; }

 private:
  std::unique_ptr<TrackReader> reader_;
  AudioBuffer buffer_;
  Frames begin_ = 0, end_ = 0;
  Frames position_ = 0;        // of what is read next
  FrameRange loop_;
  bool last_ = false;
  std::exception_ptr failure_;
};

}  // namespace sfa::engine
