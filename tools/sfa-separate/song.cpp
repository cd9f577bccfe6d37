#include "song.hpp"

#include <algorithm>
#include <utility>

#include "sfa/separation/telling_stretch.hpp"

namespace sfa::tool {

Song::Song(const std::string& input, bool again)
    : spooled_(again && io::is_stream(input) ? std::make_unique<io::SpooledInput>(input) : nullptr),
      path_(spooled_ ? spooled_->path() : input),
      first_(std::make_shared<io::SoundReader>(path_)),
      info_(first_->info()),
      hash_(info_.rate, info_.channels) {}

void Song::take(FrameRange range) {
  if (info_.frames) range.end = std::min(range.end, *info_.frames);
  part_ = range;
}

void Song::take_preview(double seconds) {
  constexpr Frames block = 1 << 16;
  separation::TellingStretch stretch(info_.rate);
  io::SoundReader reader(path_);
  for (auto audio = reader.read(block); audio.frames() > 0; audio = reader.read(block)) stretch.add(audio);
  part_ = stretch.choose(to_frames({seconds}, info_.rate));
}

separation::BlockSource Song::blocks(std::shared_ptr<io::SoundReader> reader) {
  if (!part_) return [reader](Frames frames) { return reader->read(frames); };
  return [this, reader, part = *part_](Frames frames) {
    if (reader->position() < part.begin) reader->advance_to(part.begin);
    const Frames left = std::min(frames, part.end - reader->position());
    auto block = left > 0 ? reader->read(left) : AudioBuffer(info_.channels, 0, info_.rate);
    end_ = reader->position();
    return block;
  };
}

separation::BlockSource Song::open() {
  if (!first_) return blocks(std::make_shared<io::SoundReader>(path_));
  return [this, source = blocks(std::exchange(first_, nullptr))](Frames frames) {
    auto block = source(frames);
    if (block.frames() > 0) hash_.update(block);
    frames_ += block.frames();
    return block;
  };
}

std::optional<Frames> Song::foreseen_frames() const {
  if (!part_) return info_.frames;
  return info_.frames ? std::optional(intersect(*part_, {0, *info_.frames}).size()) : std::nullopt;
}

}  // namespace sfa::tool
