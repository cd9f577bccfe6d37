#include "file_sound.hpp"

#include <algorithm>
#include <utility>

#include "sfa/io/input.hpp"

namespace sfa::tool {
namespace {

constexpr Frames block_frames = 65536;
constexpr Frames kept_bytes = Frames{128} << 20;

}  // namespace

FileSound::FileSound(const std::string& path, const Command& command)
    : path_(path), reader_(std::make_unique<io::SoundReader>(path)), info_(reader_->info()) {
  hasher_.emplace(info_.rate, info_.channels);
  if (io::is_stream(path)) keeping_.emplace(command.cache(), info_.rate, info_.channels);
}

slicing::Sound FileSound::sound() {
  return {info_.rate, info_.channels, [this](FrameRange range) { return read(range); }};
}

bool FileSound::advance() {
  AudioBuffer audio = reader_->read(block_frames);
  if (audio.frames() == 0) {
    if (hasher_) {
      length_ = next_;
      sha256_ = hasher_->hex();
      hasher_.reset();
      if (keeping_) path_ = keeping_->commit(sha256_);
      keeping_.reset();
    }
    return false;
  }
  if (hasher_) hasher_->update(audio);
  if (keeping_) keeping_->write(audio);
  const Frames begin = next_;
  next_ += audio.frames();
  kept_ += audio.frames();
  blocks_.push_back({begin, std::move(audio)});
  return true;
}

void FileSound::forget(Frames before) {
  const Frames most = std::max(block_frames, kept_bytes / static_cast<Frames>(sizeof(float)) / info_.channels);
  while (blocks_.size() > 1 && kept_ > most && blocks_.front().begin + blocks_.front().audio.frames() <= before) {
    kept_ -= blocks_.front().audio.frames();
    blocks_.pop_front();
  }
}

void FileSound::finish(const Progress& progress) {
  while (hasher_ && advance()) {
    report(progress, info_.frames ? static_cast<double>(next_) / static_cast<double>(*info_.frames) : 0.0);
    forget(next_);
  }
}

void FileSound::rewind(Frames frame) {
  finish();
  reader_ = std::make_unique<io::SoundReader>(path_);
  blocks_.clear();
  kept_ = 0;
  reader_->advance_to(frame);
  next_ = reader_->position();
}

AudioBuffer FileSound::read(FrameRange range) {
  range.begin = std::max<Frames>(0, range.begin);
  if (range.empty() || (!hasher_ && range.begin >= length_)) return {info_.channels, 0, info_.rate};
  const bool is_kept = blocks_.empty() ? range.begin >= next_ : range.begin >= blocks_.front().begin;
  if (!is_kept) rewind(range.begin);
  while (next_ < range.end && advance()) forget(range.begin);
  const Frames end = std::min(range.end, next_);
  if (range.begin >= end) return {info_.channels, 0, info_.rate};
  AudioBuffer result(info_.channels, end - range.begin, info_.rate);
  auto block = std::ranges::upper_bound(blocks_, range.begin, {}, &Block::begin);
  for (--block; block != blocks_.end() && block->begin < end; ++block) {
    const FrameRange shared = intersect({range.begin, end}, {block->begin, block->begin + block->audio.frames()});
    for (int c = 0; c < info_.channels; ++c) {
      const auto from = std::as_const(block->audio).channel(c).subspan(static_cast<std::size_t>(shared.begin - block->begin),
                                                                      static_cast<std::size_t>(shared.size()));
      std::ranges::copy(from, result.channel(c).begin() + (shared.begin - range.begin));
    }
  }
  return result;
}

}  // namespace sfa::tool
