#include "sfa/training/prefetch.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

namespace sfa::training {

struct Prefetch::State {
  const ExampleMaker& maker;
  std::uint64_t wanted, begun;  // the step that is handed out next, the step that is begun next
  std::uint64_t ahead;
  double waited = 0.0;
  bool ended = false;
  std::map<std::uint64_t, std::variant<Batch, std::exception_ptr>> ready;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::jthread> threads;

  State(const ExampleMaker& maker_, std::uint64_t first, int count)
      : maker(maker_), wanted(first), begun(first), ahead(static_cast<std::uint64_t>(count) + 1) {}

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return ended || begun < wanted + ahead; });
      if (ended) return;
      const auto step = begun++;
      lock.unlock();
      std::variant<Batch, std::exception_ptr> made;
      try {
        made = maker.make(step);
      } catch (...) {
        made = std::current_exception();
      }
      lock.lock();
      ready.emplace(step, std::move(made));
      changed.notify_all();
    }
  }
};

Prefetch::Prefetch(const ExampleMaker& maker, std::uint64_t first_step, int threads)
    : state_(std::make_unique<State>(maker, first_step, threads)) {
  for (int i = 0; i < threads; ++i) state_->threads.emplace_back([this] { state_->work(); });
}

Prefetch::~Prefetch() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ended = true;
  }
  state_->changed.notify_all();
}

Batch Prefetch::next() {
  std::unique_lock lock(state_->mutex);
  const auto begin = std::chrono::steady_clock::now();
  state_->changed.wait(lock, [&] { return state_->ready.contains(state_->wanted); });
  state_->waited += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  auto made = std::move(state_->ready.extract(state_->wanted++).mapped());
  state_->changed.notify_all();
  if (const auto* failure = std::get_if<std::exception_ptr>(&made)) std::rethrow_exception(*failure);
  return std::move(std::get<Batch>(made));
}

double Prefetch::waited_seconds() const {
  const std::lock_guard lock(state_->mutex);
  return state_->waited;
}

}  // namespace sfa::training
