// What voices play: slices of sounds, each made ready once, when it is first wanted.
//
// A slice is known by a slot, whose address never changes, so that a trigger can name it before it is there. Offline
// the slot makes it when it is taken; live a thread of the store's own does, and a voice that finds none is dropped.
#pragma once
#include <atomic>
#include <chrono>
#include <compare>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "sfa/audio/buffer.hpp"
#include "sfa/engine/spsc_ring.hpp"

namespace sfa::engine {

struct Sample {
  AudioBuffer own;           // may be empty, where `audio` is somebody else's
  AudioView audio;           // at the engine's rate; silence lies outside it
  FrameRange range;          // the slice's in `audio`; what is around it is heard only through interpolation
  int fade_in_frames = 0;    // linear, at the slice's begin: in reverse they are heard last
  int fade_out_frames = 0;   // linear, at its end
};

struct SampleSpec {
  int slice = 0;
  double stretch = 1.0;      // its length by Rubber Band, at the same pitch: 1/16 to 16
  friend auto operator<=>(const SampleSpec&, const SampleSpec&) = default;
};

/// Reads, converts and stretches; may take its time, allocate and throw. Implemented where files are known.
class SampleMaker {
 public:
  virtual ~SampleMaker() = default;
  [[nodiscard]] virtual std::unique_ptr<const Sample> make(const SampleSpec& spec) = 0;
};

/// A slice cut from `audio` by its range and stretched. `sample.audio` is the whole sound that its range lies in.
[[nodiscard]] Sample stretched(const Sample& sample, double ratio);

class SampleStore;

class SampleSlot {
 public:
  SampleSlot(SampleStore& store, const SampleSpec& spec) : store_(store), spec_(spec) {}

  /// The sample, to be given back; nothing if it is not there. For the engine, real-time safe where the store is live.
  const Sample* take() noexcept;
  void give_back() noexcept { users_.fetch_sub(1, std::memory_order_release); }
  /// Has it made in time, if it is not there. For the engine, real-time safe where the store is live.
  void want() noexcept;

  [[nodiscard]] const SampleSpec& spec() const noexcept { return spec_; }
  [[nodiscard]] bool ready() const noexcept { return sample_.load(std::memory_order_acquire) != nullptr; }

 private:
  friend class SampleStore;
  SampleStore& store_;
  SampleSpec spec_;
  std::atomic<const Sample*> sample_{nullptr};
  std::atomic<int> users_{0};
  std::atomic<std::uint64_t> last_use_{0};
  std::atomic<bool> asked_{false};
};

class SampleStore {
 public:
  enum class Use { offline, live };
  /// What lies unused beyond so many bytes is let go, the longest unused first; live only.
  static constexpr std::size_t default_budget_bytes = std::size_t{1} << 29;

  SampleStore(std::unique_ptr<SampleMaker> maker, Use use, std::size_t budget_bytes = default_budget_bytes);
  /// All that was taken must have been given back.
  ~SampleStore();
  SampleStore(const SampleStore&) = delete;
  SampleStore& operator=(const SampleStore&) = delete;

  /// The slot of that slice, the same for the same slice. From any thread but the engine's; waits for others who ask.
  [[nodiscard]] SampleSlot& slot(const SampleSpec& spec);

  /// Live: waits until all that was wanted is there; false if that takes longer than `limit`.
  bool wait_until_ready(Seconds limit);

  /// The first thing that the maker threw. Its slice stays silent, and is counted as missing.
  [[nodiscard]] std::exception_ptr failure() const noexcept {
    return failed_.load(std::memory_order_acquire) ? failure_ : nullptr;
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  friend class SampleSlot;
  void make(SampleSlot& slot) noexcept;
  void work() noexcept;
  void keep_to_budget(const SampleSlot& but) noexcept;
  void drop(SampleSlot& slot) noexcept;

  std::unique_ptr<SampleMaker> maker_;
  Use use_;
  std::size_t budget_bytes_;
  std::mutex slots_mutex_;
  std::deque<SampleSlot> slots_;
  std::map<SampleSpec, SampleSlot*> by_spec_;
  SpscRing<SampleSlot*> wanted_;               // from the engine
  std::atomic<std::uint64_t> use_count_{0};
  std::atomic<int> waiting_{0};
  std::atomic<std::size_t> bytes_{0};
  std::atomic<bool> failed_{false}, stop_{false};
  std::exception_ptr failure_;                 // written before failed_
  std::thread thread_;
};

}  // namespace sfa::engine
