#include "sfa/engine/streamed_feed.hpp"

#include <chrono>

#include "sfa/audio/error.hpp"

namespace sfa::engine {
namespace {

using namespace std::chrono_literals;
constexpr auto nap = 2ms;  // of the reading thread; a chunk lasts ten times as long

// An order is the number of a seek above the frame it goes to: 20 and 44 bits. 2^44 frames at
// 192 kHz are three years.
constexpr int frame_bits = 44;
constexpr std::uint64_t frame_mask = (std::uint64_t{1} << frame_bits) - 1;

}  // namespace

StreamedFeed::StreamedFeed(std::unique_ptr<TrackReader> reader, Frames chunk_frames, int chunks)
    : reader_(std::move(reader)),
      channels_(reader_->channels()),
      chunk_frames_(chunk_frames),
      ring_(static_cast<std::size_t>(chunks),
            Chunk{.samples = std::vector<float>(static_cast<std::size_t>(channels_ * chunk_frames))}),
      thread_([this] { read_ahead(); }) {}

StreamedFeed::~StreamedFeed() {
  stop_ = true;
  thread_.join();
}

AudioView StreamedFeed::read(Frames frames) noexcept {
  const auto order = order_.load(std::memory_order_relaxed);
  // The chunk that the last view showed is given back only now.
  for (Chunk* chunk = ring_.front(); chunk != nullptr && !ended_; chunk = ring_.front()) {
    if (chunk->order == order && used_ < chunk->frames) {
      const FrameRange range{used_, std::min(used_ + frames, chunk->frames)};
      used_ = range.end;
      ended_ = chunk->last && used_ == chunk->frames;
      return AudioView(chunk->samples.data(), channels_, chunk->frames, chunk_frames_, SampleRate{}).slice(range);
    }
    if (chunk->order == order && chunk->last) ended_ = true;
    used_ = 0;
    ring_.pop();
  }
  return {};
}

void StreamedFeed::seek(Frames frame) noexcept {
  const auto number = (order_.load(std::memory_order_relaxed) >> frame_bits) + 1;
  used_ = 0;
  ended_ = false;
  order_.store((number << frame_bits) | (static_cast<std::uint64_t>(frame) & frame_mask), std::memory_order_release);
}

std::exception_ptr StreamedFeed::failure() const noexcept {
  return failed_.load(std::memory_order_acquire) ? failure_ : nullptr;
}

bool StreamedFeed::wait_until_full(Seconds limit) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit.value);
  while (finished_ != order_) {
    const Chunk* const chunk = ring_.front();
    if (chunk != nullptr && chunk->order != order_) {
      ring_.pop();
      continue;
    }
    if (ring_.size() == ring_.capacity()) break;
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(nap);
  }
  return true;
}

void StreamedFeed::read_ahead() noexcept {
  std::uint64_t order = 0;
  while (!stop_.load(std::memory_order_relaxed)) {
    Chunk* const chunk = ring_.back();
    const auto wanted = order_.load(std::memory_order_acquire);
    if (chunk == nullptr || (wanted == order && finished_ == order)) {
      std::this_thread::sleep_for(nap);
      continue;
    }
    try {
      if (wanted != order) {
        order = wanted;
        reader_->seek(static_cast<Frames>(order & frame_mask));
      }
      chunk->frames = 0;
      chunk->frames = reader_->read({chunk->samples.data(), channels_, chunk_frames_, chunk_frames_});
    } catch (...) {
      if (!failed_) failure_ = std::current_exception();
      failed_.store(true, std::memory_order_release);
    }
    chunk->order = order;
    chunk->last = chunk->frames < chunk_frames_;
    const bool last = chunk->last;
    ring_.push();
    if (last) finished_ = order;
  }
}

}  // namespace sfa::engine
