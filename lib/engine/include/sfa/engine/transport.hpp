// Where in the piece the playing is. It goes on by a fraction of a frame of the piece for each frame of output: the
// tempo, relative to the piece's own. In integers, so that nothing adds up over hours.
#pragma once
#include <cstdint>

#include "sfa/audio/frame_range.hpp"

namespace sfa::engine {

/// Frames of the piece for each frame of output: 1/16 to 16.
struct TempoRatio {
  std::int32_t numerator = 1;      // 1 to 1000000
  std::int32_t denominator = 1;    // 1 to 1000000
  friend bool operator==(const TempoRatio&, const TempoRatio&) = default;
};

[[nodiscard]] bool sound(const TempoRatio& ratio) noexcept;

/// The output frames, at least 1, that what takes `frames` of them at one tempo takes at another. Both must be sound.
[[nodiscard]] Frames frames_at(TempoRatio to, Frames frames, TempoRatio from) noexcept;

/// Real-time safe, all of it. Positions are within 2^60 frames.
class Transport {
 public:
  /// The frame of the piece that has been reached.
  [[nodiscard]] Frames position() const noexcept { return static_cast<Frames>(place(since_) >> fraction_bits); }
  [[nodiscard]] TempoRatio ratio() const noexcept { return ratio_; }

  /// The least number of frames of output after which `position` is reached; 0 where it has been.
  [[nodiscard]] Frames frames_until(Frames position) const noexcept;

  /// Whether `position` was reached before the last frame of output, on the way that has gone on since the last jump.
  [[nodiscard]] bool was_at(Frames position) const noexcept {
    return since_ > 0 && place(since_ - 1) >= static_cast<__int128>(position) << fraction_bits;
  }

  void advance(Frames frames) noexcept { since_ += frames; }
  void jump(Frames position) noexcept;
  /// By whole frames; what is beyond one stays.
  void move(Frames frames) noexcept;
  /// From here on. `ratio` must be sound.
  void set_ratio(TempoRatio ratio) noexcept;

 private:
  static constexpr int fraction_bits = 32;
  [[nodiscard]] __int128 place(Frames since) const noexcept {
    return begin_ + (static_cast<__int128>(since) * ratio_.numerator << fraction_bits) / ratio_.denominator;
  }

  TempoRatio ratio_;
  __int128 begin_ = 0;             // of the stretch with this ratio, in 2^-32 frames
  Frames since_ = 0;               // output frames in it
};

}  // namespace sfa::engine
