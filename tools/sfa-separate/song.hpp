// An input as it is separated: a part of it or the whole, read as often as that takes.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sfa/io/audio_hash.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/separation/engine.hpp"

namespace sfa::tool {

/// A sound as it is read once, from its beginning on: as io::SoundReader, which see.
class SongReader {
 public:
  virtual ~SongReader() = default;
  [[nodiscard]] virtual const io::SoundInfo& info() const = 0;
  [[nodiscard]] virtual AudioBuffer read(Frames frames) = 0;
  virtual void advance_to(Frames frame) = 0;
  [[nodiscard]] virtual Frames position() const = 0;
};

class Song {
 public:
  /// Gives the same sound each time.
  using Opening = std::function<std::shared_ptr<SongReader>()>;

  explicit Song(Opening open);
  /// `again`: it is to be opened more than once; a stream is then kept in a file meanwhile.
  Song(const std::string& input, bool again);

  [[nodiscard]] const io::SoundInfo& info() const { return info_; }

  /// From now on that part of it alone, as far as it exists.
  void take(FrameRange range);
  /// From now on the telling part of so many seconds, which takes a reading of all.
  void take_preview(double seconds);
  /// What was taken of the file; none: all.
  [[nodiscard]] std::optional<FrameRange> part() const { return part_; }

  /// The sound from its beginning.
  [[nodiscard]] separation::BlockSource open();

  // Of what was taken, once what open() gave first was read to its end.
  [[nodiscard]] Frames frames() const { return frames_; }
  [[nodiscard]] std::string sha256() const { return hash_.hex(); }
  /// The frame of the file that it ended before.
  [[nodiscard]] Frames end() const { return end_; }
  /// How many frames, before that, if it can be known.
  [[nodiscard]] std::optional<Frames> foreseen_frames() const;

 private:
  [[nodiscard]] separation::BlockSource blocks(std::shared_ptr<SongReader> reader);

  Opening open_;
  std::shared_ptr<SongReader> first_;  // until it is opened
  io::SoundInfo info_;
  io::AudioHasher hash_;
  Frames frames_ = 0, end_ = 0;
  std::optional<FrameRange> part_;
};

}  // namespace sfa::tool
