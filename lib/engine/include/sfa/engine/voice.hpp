// One slice being played, and the pool of those that sound at once.
#pragma once
#include <cstdint>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/engine/block.hpp"
#include "sfa/engine/pan.hpp"

namespace sfa::engine {

/// Which part of the sample memory to play, and how. Positions are frames of that memory.
struct Trigger {
  FrameRange slice;
  int fade_in_frames = 0;    // linear, at the slice's begin: in reverse they are heard last
  int fade_out_frames = 0;   // linear, at its end
  float gain = 1.0F;
  float pan = 0.0F;          // -1 left .. 1 right, see pan.hpp
  double speed = 1.0;        // frames of memory for each frame of output, 1/64 to 64
  bool reverse = false;
  Frames gate_frames = 0;    // output frames until it is released; 0: plays to the slice's end
};

/// Reads memory frame begin + n * speed (or end - 1 - n * speed) at output frame n, between
/// frames by interpolate.hpp. At speed 1 the memory's samples come out as they are, times gain.
class Voice {
 public:
  /// `trigger` must be sound(); the slice is cut to what `memory` has. `release_frames` >= 1 is
  /// the length of the linear fade at the gate's end.
  void start(const Trigger& trigger, const AudioView& memory, Frames release_frames) noexcept;

  /// Fades it out from here.
  void release() noexcept;

  /// Adds its next frames to `out`: one channel goes to the first two, others to the channel of
  /// their number, modulo out.channels. Pan is left alone where there is one channel.
  void render(const AudioView& memory, const Block& out) noexcept;

  [[nodiscard]] bool active() const noexcept { return done_ < length_; }
  [[nodiscard]] bool releasing() const noexcept { return release_at_ <= done_; }

 private:
  [[nodiscard]] double offset(Frames frame) const noexcept;
  void fill_gains(std::span<float> gains) const noexcept;
  struct Path;
  void find_path(int count, Path& path) const noexcept;
  static void follow(const Path& path, std::span<const float> memory, std::span<float> samples) noexcept;
  void copy(std::span<const float> memory, std::span<float> samples) const noexcept;

  FrameRange slice_;
  double speed_ = 1.0;
  bool reverse_ = false;
  float gain_ = 1.0F;
  StereoGain sides_;
  double fade_in_slope_ = 1.0, fade_out_slope_ = 1.0;  // per frame of memory
  Frames release_frames_ = 1;
  Frames release_at_ = 0;  // in output frames since the start
  Frames length_ = 0;
  Frames done_ = 0;
};

/// Whether every number in it is finite and within the ranges above.
[[nodiscard]] bool sound(const Trigger& trigger) noexcept;

/// Output frames from the first to the last that it makes heard.
[[nodiscard]] Frames length_frames(const Trigger& trigger, Frames release_frames) noexcept;

/// At most `voices` at once. When one more starts, the oldest that is not yet fading out is faded
/// out over the release length while the new one begins; the order is that of starting, so the
/// same triggers always silence the same voices.
class VoicePool {
 public:
  VoicePool(AudioView memory, int voices, Frames release_frames);

  void start(const Trigger& trigger) noexcept;
  void render(const Block& out) noexcept;
  void release_all() noexcept;
  void silence() noexcept;

  /// Those that sound, with those that are fading out.
  [[nodiscard]] int active() const noexcept;

 private:
  struct Slot {
    Voice voice;
    std::uint64_t number = 0;  // counts up with every start
  };
  Slot* oldest(bool releasing) noexcept;

  AudioView memory_;
  int limit_;
  Frames release_frames_;
  std::uint64_t started_ = 0;
  std::vector<Slot> slots_;
};

}  // namespace sfa::engine
