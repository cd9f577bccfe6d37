// What is analysed: a sound, or the stems of one, read in step; their sum is then the mix.
#pragma once
#include <string>
#include <vector>

#include "sfa/audio/source.hpp"
#include "sfa/io/sound_file.hpp"

namespace sfa::tool {

class SongInput {
 public:
  /// A sound file, a sfa.stems document, or "-" for either. Throws as SoundReader, and Error::invalid_data for
  /// stems that differ in rate, channels or length.
  explicit SongInput(const std::string& path);

  [[nodiscard]] const io::SoundInfo& info() const { return info_; }
  [[nodiscard]] bool has_stems() const { return !names_.empty(); }
  /// The names and paths of the stems; empty for a sound.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }
  /// The sound that the input stands for, if it tells: what the stems were made of.
  [[nodiscard]] const Source& source() const { return source_; }

  void advance_to(Frames frame);
  [[nodiscard]] Frames position() const { return readers_.front().position(); }

  /// The next frames of everything, at most `frames`.
  struct Block {
    AudioBuffer mix;
    std::vector<AudioBuffer> stems;
  };
  [[nodiscard]] Block read(Frames frames);

 private:
  io::SoundInfo info_;
  Source source_;
  std::vector<std::string> names_, paths_;
  std::vector<io::SoundReader> readers_;
};

}  // namespace sfa::tool
