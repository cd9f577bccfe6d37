// Where a mix has the sounds of its clips from. The mix opens no file itself: a tool gives it this.
#pragma once
#include <memory>
#include <string>

#include "sfa/audio/buffer.hpp"

namespace sfa::mix {

struct SoundShape {
  SampleRate rate{};
  int channels = 0;
  Frames frames = 0;
};

/// A sound being read, from its beginning.
class Sound {
 public:
  virtual ~Sound() = default;
  /// The next `frames` >= 1 frames, fewer at the end, none after it.
  [[nodiscard]] virtual AudioBuffer read(Frames frames) = 0;
  /// Continues at `frame`, 0 <= frame <= the sound's frames.
  virtual void seek(Frames frame) = 0;
};

/// Sounds by path. Errors in them come through as the implementation throws them.
class Sounds {
 public:
  virtual ~Sounds() = default;
  [[nodiscard]] virtual SoundShape shape(const std::string& path) = 0;
  /// May be called again for a path that is open.
  [[nodiscard]] virtual std::unique_ptr<Sound> open(const std::string& path) = 0;
};

}  // namespace sfa::mix
