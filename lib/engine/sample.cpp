#include "sfa/engine/sample.hpp"

#include <algorithm>
#include <chrono>

#include "sfa/dsp/stretch.hpp"

namespace sfa::engine {
namespace {

using namespace std::chrono_literals;
constexpr auto nap = 1ms;
constexpr std::size_t wanted_capacity = 4096;

std::size_t bytes_of(const Sample& sample) {
  return sizeof(float) * static_cast<std::size_t>(sample.own.channels() * sample.own.frames());
}

}  // namespace

Sample stretched(const Sample& sample, double ratio) {
  Sample made;
  made.own = dsp::stretch(sample.audio.slice(sample.range), ratio);
  made.audio = made.own.view();
  made.range = made.audio.range();
  made.fade_in_frames = sample.fade_in_frames;
  made.fade_out_frames = sample.fade_out_frames;
  return made;
}

// A taker announces itself before it looks, the store looks for takers after it has hidden the sample: one of them
// sees the other.
const Sample* SampleSlot::take() noexcept {
  if (store_.use_ == SampleStore::Use::offline && !ready() && !asked_.exchange(true)) store_.make(*this);
  users_.fetch_add(1, std::memory_order_seq_cst);
  const Sample* const sample = sample_.load(std::memory_order_seq_cst);
  if (sample == nullptr) {
    give_back();
    want();
    return nullptr;
  }
  last_use_.store(store_.use_count_.fetch_add(1, std::memory_order_relaxed), std::memory_order_relaxed);
  return sample;
}

void SampleSlot::want() noexcept {
  if (store_.use_ == SampleStore::Use::offline || ready() || asked_.exchange(true, std::memory_order_acq_rel)) return;
  store_.waiting_.fetch_add(1, std::memory_order_relaxed);
  if (store_.wanted_.push(this)) return;
  store_.waiting_.fetch_sub(1, std::memory_order_relaxed);
  asked_.store(false, std::memory_order_release);  // another time
}

SampleStore::SampleStore(std::unique_ptr<SampleMaker> maker, Use use, std::size_t budget_bytes)
    : maker_(std::move(maker)), use_(use), budget_bytes_(budget_bytes), wanted_(wanted_capacity) {
  if (use_ == Use::live) thread_ = std::thread([this] { work(); });
}

SampleStore::~SampleStore() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  for (auto& slot : slots_) delete slot.sample_.load();
}

SampleSlot& SampleStore::slot(const SampleSpec& spec) {
  const std::lock_guard lock(slots_mutex_);
  auto& known = by_spec_[spec];
  if (known == nullptr) known = &slots_.emplace_back(*this, spec);
  return *known;
}

bool SampleStore::wait_until_ready(Seconds limit) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit.value);
  while (waiting_.load(std::memory_order_acquire) > 0) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(nap);
  }
  return true;
}

void SampleStore::make(SampleSlot& slot) noexcept {
  try {
    auto made = maker_->make(slot.spec_);
    bytes_.fetch_add(bytes_of(*made), std::memory_order_relaxed);
    slot.sample_.store(made.release(), std::memory_order_release);
  } catch (...) {
    // It stays asked for: what failed once is not tried again and again.
    if (failed_.load(std::memory_order_relaxed)) return;
    failure_ = std::current_exception();
    failed_.store(true, std::memory_order_release);
  }
}

void SampleStore::work() noexcept {
  while (!stop_.load(std::memory_order_relaxed)) {
    SampleSlot* slot = nullptr;
    if (!wanted_.pop(slot)) {
      std::this_thread::sleep_for(nap);
      continue;
    }
    if (!slot->ready()) make(*slot);
    if (slot->ready()) slot->asked_.store(false, std::memory_order_release);
    keep_to_budget(*slot);
    waiting_.fetch_sub(1, std::memory_order_release);
  }
}

void SampleStore::keep_to_budget(const SampleSlot& but) noexcept {
  if (bytes() <= budget_bytes_) return;
  const std::lock_guard lock(slots_mutex_);
  while (bytes() > budget_bytes_) {
    SampleSlot* oldest = nullptr;
    for (auto& slot : slots_) {
      if (&slot == &but || !slot.ready() || slot.users_.load() > 0) continue;
      if (oldest == nullptr || slot.last_use_ < oldest->last_use_) oldest = &slot;
    }
    if (oldest == nullptr) return;
    drop(*oldest);
    if (oldest->ready()) return;  // taken this very moment
  }
}

void SampleStore::drop(SampleSlot& slot) noexcept {
  const Sample* const sample = slot.sample_.exchange(nullptr, std::memory_order_seq_cst);
  if (slot.users_.load(std::memory_order_seq_cst) > 0) {
    slot.sample_.store(sample, std::memory_order_release);
    return;
  }
  bytes_.fetch_sub(bytes_of(*sample), std::memory_order_relaxed);
  delete sample;
}

}  // namespace sfa::engine
