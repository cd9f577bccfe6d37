#include "sfa/engine/track_feed.hpp"

namespace sfa::engine {

DirectFeed::DirectFeed(std::unique_ptr<TrackReader> reader, Frames chunk_frames)
    // The rate of a feed's views is nobody's business: the engine's rate is understood.
    : reader_(std::move(reader)), buffer_(reader_->channels(), chunk_frames, SampleRate{}) {}

AudioView DirectFeed::read(Frames frames) noexcept {
  if (!loop_.empty() && position_ == loop_.end) seek(loop_.begin);
  if (!loop_.empty() && position_ < loop_.end) frames = std::min(frames, loop_.end - position_);
  if (begin_ == end_ && !last_) {
    begin_ = end_ = 0;
    try {
      end_ = reader_->read({buffer_.channel(0).data(), buffer_.channels(), buffer_.frames(), buffer_.frames()});
    } catch (...) {
      failure_ = std::current_exception();
    }
    last_ = end_ < buffer_.frames();
  }
  const FrameRange range{begin_, std::min(begin_ + frames, end_)};
  begin_ = range.end;
  position_ += range.size();
  return buffer_.view().slice(range);
}

void DirectFeed::seek(Frames frame) noexcept {
  begin_ = end_ = 0;
  position_ = frame;
  last_ = false;
  try {
    reader_->seek(frame);
  } catch (...) {
    failure_ = std::current_exception();
    last_ = true;
  }
}

}  // namespace sfa::engine
