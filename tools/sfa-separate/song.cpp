#include "song.hpp"

#include <algorithm>
#include <utility>

#include "sfa/io/input.hpp"
#include "sfa/separation/telling_stretch.hpp"

namespace sfa::tool {
namespace {

class FileReader final : public SongReader {
 public:
  explicit FileReader(const std::string& path) : reader_(path) {}
  [[nodiscard]] const io::SoundInfo& info() const override { return reader_.info(); }
  [[nodiscard]] AudioBuffer read(Frames frames) override { return reader_.read(frames); }
  void advance_to(Frames frame) override { reader_.advance_to(frame); }
  [[nodiscard]] Frames position() const override { return reader_.position(); }

 private:
  io::SoundReader reader_;
};

Song::Opening opening_of(const std::string& input, bool again) {
  if (!again || !io::is_stream(input)) return [input] { return std::make_shared<FileReader>(input); };
  const auto spooled = std::make_shared<io::SpooledInput>(input);
  return [spooled] { return std::make_shared<FileReader>(spooled->path()); };
}

}  // namespace

Song::Song(Opening open)
    : open_(std::move(open)), first_(open_()), info_(first_->info()), hash_(info_.rate, info_.channels) {}

Song::Song(const std::string& input, bool again) : Song(opening_of(input, again)) {}

void Song::take(FrameRange range) {
  if (info_.frames) range.end = std::min(range.end, *info_.frames);
  part_ = range;
}

void Song::take_preview(double seconds) {
  constexpr Frames block = 1 << 16;
  separation::TellingStretch stretch(info_.rate);
  const auto reader = open_();
  for (auto audio = reader->read(block); audio.frames() > 0; audio = reader->read(block)) stretch.add(audio);
  part_ = stretch.choose(to_frames({seconds}, info_.rate));
}

separation::BlockSource Song::blocks(std::shared_ptr<SongReader> reader) {
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
  if (!first_) return blocks(open_());
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
