// One sound that tracks are read from: a file, or what a child process makes of one.
#pragma once
#include <string>

#include "sfa/io/sound_file.hpp"

namespace sfa::play {

class Sound {
 public:
  virtual ~Sound() = default;
  [[nodiscard]] virtual const io::SoundInfo& info() const = 0;
  /// The next frames, fewer at the end, none after it.
  virtual AudioBuffer read(Frames frames) = 0;
  /// Continues at `frame`, or at the end of what is shorter. Error::unsupported for going back in a pipe.
  virtual void go_to(Frames frame) = 0;
  [[nodiscard]] virtual Frames position() const = 0;
};

class FileSound : public Sound {
 public:
  explicit FileSound(const std::string& path) : path_(path), reader_(path) {}
  [[nodiscard]] const io::SoundInfo& info() const override { return reader_.info(); }
  AudioBuffer read(Frames frames) override { return reader_.read(frames); }
  void go_to(Frames frame) override;
  [[nodiscard]] Frames position() const override { return reader_.position(); }

 private:
  std::string path_;
  io::SoundReader reader_;
};

}  // namespace sfa::play
