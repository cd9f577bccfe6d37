// Sounds that belong together, such as the stems of a song, read side by side.
#pragma once
#include <string>
#include <vector>

#include "song.hpp"

namespace sfa::tool {

class Tracks {
 public:
  /// One file or more. Throws as io::SoundReader, and Error::invalid_data where their rates, channels or lengths, as
  /// far as these can be known, differ.
  explicit Tracks(const std::vector<std::string>& paths);

  [[nodiscard]] const io::SoundInfo& info() const { return readers_.front().info(); }
  /// The next frames of each, fewer only at their end. Throws Error::invalid_data where one ends before another.
  [[nodiscard]] std::vector<AudioBuffer> read(Frames frames);
  void advance_to(Frames frame);
  [[nodiscard]] Frames position() const { return readers_.front().position(); }

 private:
  std::vector<std::string> paths_;
  std::vector<io::SoundReader> readers_;
};

/// Their sum.
[[nodiscard]] Song::Opening mixture_of(const std::vector<std::string>& paths);

}  // namespace sfa::tool
