#include "messenger.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace sfa::play {
namespace {

using namespace std::chrono_literals;
constexpr auto look_after = 1ms;

// MIDI 1.0 Detailed Specification, table II.
constexpr int control_change = 0xB0, program_change = 0xC0;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Messenger::Messenger(engine::Engine& engine, SampleRate rate, const Messages& messages, Ways ways)
    : engine_(engine),
      rate_(rate),
      messages_(messages),
      ways_(std::move(ways)),
      held_([this](std::span<const std::uint8_t> bytes) {
        if (ways_.midi) ways_.midi(bytes);
      }),
      thread_([this] { work(); }) {}

Messenger::~Messenger() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
  held_.end_all();
}

void Messenger::silence() {
  const std::lock_guard lock(mutex_);
  for (engine::Cue cue; engine_.take(cue);) {}
  taken_.clear();
  coming_.clear();
  held_.end_all();
}

void Messenger::finish() {
  for (const double give_up = seconds_now() + 1.0; seconds_now() < give_up; std::this_thread::sleep_for(look_after)) {
    const std::lock_guard lock(mutex_);
    take_cues(seconds_now());
    if (taken_.empty() && coming_.empty()) return;
  }
}

void Messenger::work() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const double now = seconds_now();
    take_cues(now);
    while (!coming_.empty() && coming_.begin()->first <= now) {
      const auto due = coming_.extract(coming_.begin());
      held_.end_due({due.key()});
      send(due.mapped(), due.key());
    }
    held_.end_due({now});
    wake_.wait_for(lock, look_after);
  }
}

/// What the engine gave out last is heard after the latency, and what it made before that earlier. Cues come while it still
/// makes a block, its clock goes on when that is whole: until then they wait.
void Messenger::take_cues(double now) {
  for (engine::Cue cue; engine_.take(cue);) taken_.push_back(cue);
  const Frames made = engine_.clock(), given = made - engine_.lead_frames();
  for (; !taken_.empty() && taken_.front().clock < made; taken_.pop_front()) {
    const auto& cue = taken_.front();
    const double heard = now + latency_.load(std::memory_order_relaxed) + to_seconds(cue.clock - given, rate_).value;
    last_due_ = std::max({heard, now, last_due_});
    coming_.emplace(last_due_, cue.number);
  }
}

void Messenger::send(std::uint32_t number, double due) {
  if (number == 0) return held_.end_all();
  const auto messages = messages_.find(number);
  if (!messages) return;
  for (const auto& one : messages->midi) send(one, due + messages->length.value);
  if (ways_.osc) std::ranges::for_each(messages->osc, ways_.osc);
}

void Messenger::send(const rules::Midi& message, double end) {
  if (!ways_.midi) return;
  const int channel = message.channel - 1;
  const auto number = static_cast<std::uint8_t>(message.number), value = static_cast<std::uint8_t>(message.value);
  switch (message.message) {
    case rules::Midi::Message::note: return held_.strike(channel, message.number, message.value, {end});
    case rules::Midi::Message::control:
      return ways_.midi(std::array{static_cast<std::uint8_t>(control_change + channel), number, value});
    case rules::Midi::Message::program:
      return ways_.midi(std::array{static_cast<std::uint8_t>(program_change + channel), number});
  }
}

}  // namespace sfa::play
