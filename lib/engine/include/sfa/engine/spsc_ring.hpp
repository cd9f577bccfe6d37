// A queue between exactly two threads, one that puts in and one that takes out, without locks:
// Lamport's ring ("Proving the correctness of multiprocess programs", 1977) with acquire and
// release ordering. Slots are made once and used in place, so that an element may own memory.
#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <vector>

namespace sfa::engine {

template <typename T>
class SpscRing {
 public:
  /// Holds at least `capacity` elements, each a copy of `blank`.
  explicit SpscRing(std::size_t capacity, const T& blank = T{})
      : slots_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity), blank) {}

  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }

  // For the thread that puts in.
  /// The slot to fill next, or nothing if the ring is full. push() hands it over.
  [[nodiscard]] T* back() noexcept {
    const auto tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == slots_.size()) return nullptr;
    return &slots_[tail & (slots_.size() - 1)];
  }
  void push() noexcept { tail_.store(tail_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
  bool push(const T& value) noexcept {
    T* const slot = back();
    if (slot == nullptr) return false;
    *slot = value;
    push();
    return true;
  }

  // For the thread that takes out.
  /// The oldest element, or nothing if the ring is empty. pop() gives its slot back.
  [[nodiscard]] T* front() noexcept {
    const auto head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return nullptr;
    return &slots_[head & (slots_.size() - 1)];
  }
  void pop() noexcept { head_.store(head_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
  bool pop(T& value) noexcept {
    const T* const slot = front();
    if (slot == nullptr) return false;
    value = *slot;
    pop();
    return true;
  }

  /// How many are in it; exact on neither side while the other works.
  [[nodiscard]] std::size_t size() const noexcept {
    return tail_.load(std::memory_order_acquire) - head_.load(std::memory_order_acquire);
  }

 private:
  // Apart from each other, lest the two threads fight over one cache line.
  static constexpr std::size_t cache_line_bytes = 64;
  std::vector<T> slots_;
  alignas(cache_line_bytes) std::atomic<std::size_t> head_{0};
  alignas(cache_line_bytes) std::atomic<std::size_t> tail_{0};
};

}  // namespace sfa::engine
