#include "sfa/engine/streamed_feed.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::engine {
namespace {

using namespace std::chrono_literals;
constexpr auto nap = 2ms;         // of the reading thread; a chunk lasts ten times as long
constexpr auto patience = 500ms;  // with a reader at the end: a disk answers sooner

constexpr Frames notice_frames = 8192;  // of a change of the loop, for the thread to be there in time

}  // namespace

StreamedFeed::Shared::Shared(std::unique_ptr<TrackReader> source, Frames frames, int chunks)
    : reader(std::move(source)),
      channels(reader->channels()),
      chunk_frames(frames),
      ring(static_cast<std::size_t>(chunks),
           Chunk{.samples = std::vector<float>(static_cast<std::size_t>(channels * chunk_frames))}) {}

StreamedFeed::StreamedFeed(std::unique_ptr<TrackReader> reader, Frames chunk_frames, int chunks)
    : shared_(std::make_shared<Shared>(std::move(reader), chunk_frames, chunks)),
      silence_(static_cast<std::size_t>(shared_->channels * chunk_frames)),
      thread_([shared = shared_] { shared->read_ahead(); }) {}

StreamedFeed::~StreamedFeed() {
  shared_->stop = true;
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!shared_->stopped && std::chrono::steady_clock::now() < give_up) std::this_thread::sleep_for(nap);
  if (shared_->stopped)
    thread_.join();
  else
    thread_.detach();
}

void StreamedFeed::Desk::put(const Order& order) noexcept {
  sequence.store(2 * order.number - 1, std::memory_order_relaxed);
  // Each tells who sees it that the sequence is odd.
  frame.store(order.frame, std::memory_order_release);
  base.store(order.base, std::memory_order_release);
  after.store(order.after, std::memory_order_release);
  loop_begin.store(order.loop.begin, std::memory_order_release);
  loop_end.store(order.loop.end, std::memory_order_release);
  sequence.store(2 * order.number, std::memory_order_release);
}

StreamedFeed::Order StreamedFeed::Desk::take() const noexcept {
  for (;;) {
    const auto before = sequence.load(std::memory_order_acquire);
    const Order order{before / 2, frame.load(std::memory_order_acquire),
                      base.load(std::memory_order_acquire), after.load(std::memory_order_acquire),
                      {loop_begin.load(std::memory_order_acquire), loop_end.load(std::memory_order_acquire)}};
    if (before % 2 == 0 && sequence.load(std::memory_order_relaxed) == before) return order;
  }
}

/// Where the loop leads from there.
Frames StreamedFeed::wrapped(Frames position) const noexcept {
  return !loop_.empty() && position == loop_.end ? loop_.begin : position;
}

AudioView StreamedFeed::read(Frames frames) noexcept {
  shared_->begun.store(true, std::memory_order_relaxed);
  settle();
  position_ = wrapped(position_);
  if (order_ != newest_) frames = std::min(frames, left_);
  // The chunk that the last view showed is given back only now.
  for (Chunk* chunk = shared_->ring.front(); chunk != nullptr && !ended_; chunk = shared_->ring.front()) {
    if (chunk->order > order_) return silence(frames);
    if (chunk->order == order_ && used_ < chunk->frames) {
      const FrameRange range{used_, std::min(used_ + frames, chunk->frames)};
      used_ = range.end;
      taken_ += range.size();
      position_ += range.size();
      if (order_ != newest_) left_ -= range.size();
      ended_ = chunk->last && used_ == chunk->frames;
      return AudioView(chunk->samples.data(), shared_->channels, chunk->frames, shared_->chunk_frames, SampleRate{})
          .slice(range);
    }
    if (chunk->order == order_ && chunk->last) ended_ = true;
    used_ = 0;
    shared_->ring.pop();
  }
  return {};
}

/// The newest order takes over when its time has come.
void StreamedFeed::settle() noexcept {
  if (order_ == newest_ || left_ > 0) return;
  order_ = newest_;
  taken_ = 0;
}

/// In place of what was to come before a new order, and has not been read in time.
AudioView StreamedFeed::silence(Frames frames) noexcept {
  frames = std::min(frames, shared_->chunk_frames);
  lost_ += static_cast<std::uint64_t>(frames);
  taken_ += frames;
  position_ += frames;
  left_ -= frames;
  return {silence_.data(), shared_->channels, frames, shared_->chunk_frames, SampleRate{}};
}

/// The newest order goes on at `frame`, when so many more frames have been played.
void StreamedFeed::give(Frames frame, Frames after) noexcept {
  newest_ = shared_->desk.number() + 1;
  left_ = after;
  if (after == 0) {
    order_ = newest_;
    position_ = frame;
    used_ = 0;
    ended_ = false;
  }
  shared_->desk.put({newest_, frame, order_, after == 0 ? 0 : taken_ + after, loop_});
  if (after == 0) taken_ = 0;
  shared_->begun.store(true, std::memory_order_release);
}

void StreamedFeed::seek(Frames frame) noexcept { give(frame, 0); }

void StreamedFeed::set_loop(FrameRange loop) noexcept {
  settle();
  const FrameRange before = std::exchange(loop_, loop);
  if (ended_ || (loop.empty() && before.empty())) return;
  // Not beyond an end of either loop: there the old order and the new one part.
  Frames after = order_ == newest_ ? notice_frames : std::min(notice_frames, left_);
  for (const auto& range : {before, loop})
    if (!range.empty() && position_ < range.end) after = std::min(after, range.end - position_);
  give(wrapped(position_ + after), after);
}

std::exception_ptr StreamedFeed::failure() const noexcept {
  return shared_->failed.load(std::memory_order_acquire) ? shared_->failure : nullptr;
}

bool StreamedFeed::wait_until_full(Seconds limit) {
  shared_->begun = true;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit.value);
  while (shared_->finished != shared_->desk.number()) {
    const Chunk* const chunk = shared_->ring.front();
    if (chunk != nullptr && chunk->order != shared_->desk.number()) {
      shared_->ring.pop();
      continue;
    }
    if (shared_->ring.size() == shared_->ring.capacity()) break;
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(nap);
  }
  return true;
}

/// At most `most` frames, and not beyond the loop's end.
void StreamedFeed::Shared::read_into(Chunk& chunk, Frames& position, const Order& order, Frames most) {
  const bool inside = !order.loop.empty() && position < order.loop.end;
  const Frames wanted = std::min({chunk_frames, most, inside ? order.loop.end - position : chunk_frames});
  chunk.frames = reader->read({chunk.samples.data(), channels, wanted, chunk_frames});
  chunk.last = chunk.frames < wanted;
  position += chunk.frames;
  if (inside && position == order.loop.end) reader->seek(position = order.loop.begin);
}

void StreamedFeed::Shared::read_ahead() noexcept {
  Order current;
  Frames made = 0, position = 0;  // for the current order; in the piece
  while (!stop.load(std::memory_order_relaxed)) {
    const bool wait = !begun.load(std::memory_order_acquire);
    Chunk* const chunk = ring.back();
    const bool is_newest = desk.number() == current.number;
    if (wait || chunk == nullptr || (is_newest && finished == current.number)) {
      std::this_thread::sleep_for(nap);
      continue;
    }
    chunk->frames = 0;
    chunk->last = true;
    try {
      const Order next = is_newest ? current : desk.take();
      const bool due = next.base != current.number || next.after <= made || finished == current.number;
      if (next.number != current.number && due) {
        current = next;
        made = 0;
        reader->seek(position = current.frame);
      }
      read_into(*chunk, position, current, next.number == current.number ? chunk_frames : next.after - made);
      made += chunk->frames;
    } catch (...) {
      if (!failed) failure = std::current_exception();
      failed.store(true, std::memory_order_release);
    }
    chunk->order = current.number;
    const bool last = chunk->last;
    ring.push();
    if (last) finished = current.number;
  }
  stopped = true;
}

}  // namespace sfa::engine
