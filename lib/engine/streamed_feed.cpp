#include "sfa/engine/streamed_feed.hpp"

#include <chrono>

#include "sfa/audio/error.hpp"

namespace sfa::engine {
namespace {

using namespace std::chrono_literals;
constexpr auto nap = 2ms;         // of the reading thread; a chunk lasts ten times as long
constexpr auto patience = 500ms;  // with a reader at the end: a disk answers sooner

// An order is the number of a seek above the frame it goes to: 20 and 44 bits. 2^44 frames at
// 192 kHz are three years.
constexpr int frame_bits = 44;
constexpr std::uint64_t frame_mask = (std::uint64_t{1} << frame_bits) - 1;

}  // namespace

StreamedFeed::Shared::Shared(std::unique_ptr<TrackReader> source, Frames frames, int chunks)
    : reader(std::move(source)),
      channels(reader->channels()),
      chunk_frames(frames),
      ring(static_cast<std::size_t>(chunks),
           Chunk{.samples = std::vector<float>(static_cast<std::size_t>(channels * chunk_frames))}) {}

StreamedFeed::StreamedFeed(std::unique_ptr<TrackReader> reader, Frames chunk_frames, int chunks)
    : shared_(std::make_shared<Shared>(std::move(reader), chunk_frames, chunks)),
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

AudioView StreamedFeed::read(Frames frames) noexcept {
  shared_->begun.store(true, std::memory_order_relaxed);
  const auto order = shared_->order.load(std::memory_order_relaxed);
  // The chunk that the last view showed is given back only now.
  for (Chunk* chunk = shared_->ring.front(); chunk != nullptr && !ended_; chunk = shared_->ring.front()) {
    if (chunk->order == order && used_ < chunk->frames) {
      const FrameRange range{used_, std::min(used_ + frames, chunk->frames)};
      used_ = range.end;
      ended_ = chunk->last && used_ == chunk->frames;
      return AudioView(chunk->samples.data(), shared_->channels, chunk->frames, shared_->chunk_frames, SampleRate{})
          .slice(range);
    }
    if (chunk->order == order && chunk->last) ended_ = true;
    used_ = 0;
    shared_->ring.pop();
  }
  return {};
}

void StreamedFeed::seek(Frames frame) noexcept {
  const auto number = (shared_->order.load(std::memory_order_relaxed) >> frame_bits) + 1;
  used_ = 0;
  ended_ = false;
  shared_->order.store((number << frame_bits) | (static_cast<std::uint64_t>(frame) & frame_mask),
                       std::memory_order_release);
  shared_->begun.store(true, std::memory_order_release);
}

std::exception_ptr StreamedFeed::failure() const noexcept {
  return shared_->failed.load(std::memory_order_acquire) ? shared_->failure : nullptr;
}

bool StreamedFeed::wait_until_full(Seconds limit) {
  shared_->begun = true;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit.value);
  while (shared_->finished != shared_->order) {
    const Chunk* const chunk = shared_->ring.front();
    if (chunk != nullptr && chunk->order != shared_->order) {
      shared_->ring.pop();
      continue;
    }
    if (shared_->ring.size() == shared_->ring.capacity()) break;
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(nap);
  }
  return true;
}

void StreamedFeed::Shared::read_ahead() noexcept {
  std::uint64_t current = 0;
  while (!stop.load(std::memory_order_relaxed)) {
    const bool wait = !begun.load(std::memory_order_acquire);
    Chunk* const chunk = ring.back();
    const auto wanted = order.load(std::memory_order_acquire);
    if (wait || chunk == nullptr || (wanted == current && finished == current)) {
      std::this_thread::sleep_for(nap);
      continue;
    }
    try {
      if (wanted != current) {
        current = wanted;
        reader->seek(static_cast<Frames>(current & frame_mask));
      }
      chunk->frames = 0;
      chunk->frames = reader->read({chunk->samples.data(), channels, chunk_frames, chunk_frames});
    } catch (...) {
      if (!failed) failure = std::current_exception();
      failed.store(true, std::memory_order_release);
    }
    chunk->order = current;
    chunk->last = chunk->frames < chunk_frames;
    const bool last = chunk->last;
    ring.push();
    if (last) finished = current;
  }
  stopped = true;
}

}  // namespace sfa::engine
