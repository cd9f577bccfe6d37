// What a network has made of a sound so far, kept somewhere: io::StemEntry keeps it in the content cache.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "sfa/audio/buffer.hpp"

namespace sfa::separation {

class KeptStems {
 public:
  virtual ~KeptStems() = default;

  /// So many frames are there, from the beginning on, all of them once it is finished.
  [[nodiscard]] virtual Frames done() const = 0;
  [[nodiscard]] virtual bool finished() const = 0;
  /// What save() was told when done() was as it is; empty at the beginning.
  [[nodiscard]] virtual const std::vector<float>& state() const = 0;

  /// The next frames of each stem, all of one shape.
  virtual void append(std::span<const AudioBuffer> stems) = 0;
  /// Nothing is there any more.
  virtual void restart() = 0;
  /// Whoever opens it after this process was killed goes on from here.
  virtual void save(const std::vector<float>& state) = 0;
  /// All frames are there. `made_with` is told to whoever takes them.
  virtual void finish(const std::string& made_with) = 0;
  [[nodiscard]] virtual const std::string& made_with() const = 0;

  /// Frames that are there, the stems' channels one after another.
  [[nodiscard]] virtual AudioBuffer read(FrameRange range) const = 0;
};

}  // namespace sfa::separation
