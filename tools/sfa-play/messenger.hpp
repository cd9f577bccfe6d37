// Sends what rules send, MIDI and OSC, when the events it goes with are heard: in a thread of its own that the engine
// tells what it begins to play, wherever seeks, loops and the tempo lead.
//
// A note is held as long as its event sounds. All that are held end with a pause, a seek, a stop, a quit: with
// whatever cuts the sound off.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <thread>

#include "messages.hpp"
#include "sfa/engine/engine.hpp"
#include "sfa/midi/held_notes.hpp"

namespace sfa::play {

class Messenger {
 public:
  /// Both are called by the messenger's thread, and neither may throw.
  struct Ways {
    std::function<void(std::span<const std::uint8_t>)> midi;
    std::function<void(const rules::Osc&)> osc;
  };
  /// The engine and the messages must outlive it.
  Messenger(engine::Engine& engine, SampleRate rate, const Messages& messages, Ways ways);
  /// Ends all notes.
  ~Messenger();
  Messenger(const Messenger&) = delete;
  Messenger& operator=(const Messenger&) = delete;

  /// From the device's call for sound to the loudspeaker.
  void set_latency(Seconds latency) noexcept { latency_.store(latency.value, std::memory_order_relaxed); }
  /// Ends all notes now, and sends nothing that was still to come.
  void silence();
  /// Waits until all that came has been sent, a second at most.
  void finish();

 private:
  void work();
  void take_cues(double now);
  void send(std::uint32_t number, double due);
  void send(const rules::Midi& message, double end);

  engine::Engine& engine_;
  SampleRate rate_;
  const Messages& messages_;
  Ways ways_;
  std::atomic<double> latency_{0.0};
  std::mutex mutex_;
  midi::HeldNotes held_;                                // below: under the mutex
  std::deque<engine::Cue> taken_;                       // whose block the engine still makes
  std::multimap<double, std::uint32_t> coming_;         // cues by when they are due
  double last_due_ = 0.0;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace sfa::play
