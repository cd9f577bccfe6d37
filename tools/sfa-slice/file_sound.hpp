// A sound file as slicing reads it: block by block, onward, and again from the begin, with the latest 128 MiB
// (6 minutes of stereo at 44.1 kHz) kept in memory.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "sfa/io/content_cache.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/slicing/sound.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

class FileSound {
 public:
  /// `path`, or "-" or another stream, which goes into `cache` as it is read.
  FileSound(const std::string& path, const Command& command);

  [[nodiscard]] const io::SoundInfo& info() const { return info_; }
  /// For slicing; refers to this object.
  [[nodiscard]] slicing::Sound sound();

  /// Reads what has not been read yet. After it:
  void finish(const Progress& progress = {});
  [[nodiscard]] Frames frames() const { return length_; }
  [[nodiscard]] const std::string& sha256() const { return sha256_; }
  /// Where the sound is now: in the cache, if it came down a stream.
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The frames of `range` that exist.
  [[nodiscard]] AudioBuffer read(FrameRange range);

 private:
  struct Block {
    Frames begin = 0;
    AudioBuffer audio;
  };
  /// Takes the next block; false at the end.
  bool advance();
  void rewind(Frames frame);
  void forget(Frames before);

  std::string path_;
  std::unique_ptr<io::SoundReader> reader_;
  io::SoundInfo info_;
  std::optional<io::AudioHasher> hasher_;  // until all has been read once
  std::optional<io::ContentCache::Keeping> keeping_;
  std::deque<Block> blocks_;
  Frames next_ = 0, kept_ = 0, length_ = 0;
  std::string sha256_;
};

}  // namespace sfa::tool
