#include "sound_files.hpp"

#include "sfa/io/sound_file.hpp"

namespace sfa::tool {
namespace {

constexpr Frames block = 1 << 16;

/// Opens what stands for `path`; a complaint about a stream's stand-in names the stream.
io::SoundReader open_reader(const std::string& path, const std::string& readable) {
  try {
    return io::SoundReader(readable);
  } catch (const Error& error) {
    if (path == readable) throw;
    std::string words = error.what();
    if (const auto at = words.find(readable); at != std::string::npos)
      words.replace(at, readable.size(), io::input_name(path));
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

std::string SoundFiles::readable(const std::string& path) {
  return io::is_stream(path) ? streams_.try_emplace(path, path).first->second.path() : path;
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
