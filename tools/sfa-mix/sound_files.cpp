#include "sound_files.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "sfa/io/sound_file.hpp"

namespace sfa::tool {
namespace {

constexpr Frames block = 1 << 16;

/// Opens what stands for `path`; a complaint about standard input's stand-in names standard input.
io::SoundReader open_reader(const std::string& path, const std::string& readable) {
  try {
    return io::SoundReader(readable);
  } catch (const Error& error) {
    if (path == readable) throw;
    std::string words = error.what();
    if (const auto at = words.find(readable); at != std::string::npos)
      words.replace(at, readable.size(), "standard input");
    throw Error(error.kind, words);
  }
}

class SoundFile : public mix::Sound {
 public:
  explicit SoundFile(io::SoundReader reader) : reader_(std::move(reader)) {}
  AudioBuffer read(Frames frames) override { return reader_.read(frames); }
  void seek(Frames frame) override { reader_.advance_to(frame); }

 private:
  io::SoundReader reader_;
};

}  // namespace

void SoundFiles::keep_standard_input() {
  const Error no_room(Error::Kind::io, "no room to keep standard input");
  standard_input_.reset(std::tmpfile());
  if (!standard_input_) throw no_room;
  std::array<char, 1 << 16> bytes{};
  ssize_t count = 0;
  while ((count = ::read(STDIN_FILENO, bytes.data(), bytes.size())) > 0)
    if (std::fwrite(bytes.data(), static_cast<std::size_t>(count), 1, standard_input_.get()) != 1) throw no_room;
  if (count < 0) throw Error(Error::Kind::io, "standard input: cannot be read");
  if (std::fflush(standard_input_.get()) != 0) throw no_room;
}

std::string SoundFiles::readable(const std::string& path) {
  if (path != "-") return path;
  if (!standard_input_) keep_standard_input();
  return "/dev/fd/" + std::to_string(::fileno(standard_input_.get()));
}

mix::SoundShape SoundFiles::shape(const std::string& path) {
  if (const auto known = shapes_.find(path); known != shapes_.end()) return known->second;
  auto reader = open_reader(path, readable(path));
  mix::SoundShape shape{reader.info().rate, reader.info().channels, reader.info().frames.value_or(0)};
  if (!reader.info().frames)
    for (Frames count = 1; count > 0; shape.frames += count) count = reader.read(block).frames();
  return shapes_[path] = shape;
}

std::unique_ptr<mix::Sound> SoundFiles::open(const std::string& path) {
  return std::make_unique<SoundFile>(open_reader(path, readable(path)));
}

}  // namespace sfa::tool
