// Rules evaluated while their events are played: by a thread of its own, a little ahead of the engine, onto a tape.
// What is played is, frame for frame, what Ruled::pattern() would have given, until somebody changes something.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kit.hpp"
#include "messages.hpp"
#include "ruled.hpp"
#include "sfa/engine/event_tape.hpp"
#include "sfa/engine/score.hpp"
#include "timeline.hpp"

namespace sfa::play {

/// What can be seen and switched of a rule.
struct RuleState {
  std::string id, text;   // of the rule in one line, without id, probability and state
  double probability = 1.0;
  bool enabled = true;
};

class Generator {
 public:
  /// Writes what is due first at once. `kit` is copied; what `instrument` speaks of, and `messages`, must outlive this.
  Generator(const Ruled& ruled, const Kit& kit, const engine::Instrument& instrument, Messages& messages);
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  [[nodiscard]] engine::EventFeed& feed() { return tape_; }

  /// From now on writes on, ahead of `position`, and looks for changes of the rules' file.
  void start(std::function<Frames()> position);

  /// Writes no more.
  void stop();
  /// Waits until what sounds from `frame` on is written, so that going there comes upon it; half a second at most.
  void reach(Frames frame);
  /// The part that is played over and over; empty: none.
  void set_loop(FrameRange range);
  /// How fast the piece goes by.
  void set_speed(double speed) noexcept { speed_.store(speed, std::memory_order_relaxed); }

  // From any thread but the engine's. What is on the tape for the next moments (see lead) stays as it is; what a loop
  // or a jump comes back to is made anew, from the next bar on.
  /// Each is false where nothing is called so.
  bool set_probability(const std::string& id, double probability);
  bool enable_rule(const std::string& id, bool on);
  bool set_variable(const std::string& name, double value);
  void set_fill(bool on);
  void set_scene(const std::string& name);     // Error::invalid_argument for what is no name
  /// Other rules from the next bar on, and then whatever their file becomes. Throws what Ruled::reread() throws, and
  /// what the sequencer would.
  void load(const std::string& rules_file);
  [[nodiscard]] std::vector<RuleState> rules() const;
  [[nodiscard]] std::string scene() const;
  /// What went wrong, or was done, since the last call: of a file that changed.
  [[nodiscard]] std::optional<std::string> news();

  /// How far ahead it writes: long enough for a loaded machine, short enough for a fader.
  static constexpr Seconds lead{0.4};

 private:
  struct Watched;
  struct Next {
    Ruled ruled;
    Kit kit;
  };
  void work();
  void write_until(Frames frame);
  void catch_up();
  [[nodiscard]] std::optional<Frames> go_back(Frames here, Frames soon);
  [[nodiscard]] Frames lead_frames() const;
  [[nodiscard]] Frames bar_after(Frames frame) const;
  bool write_kept();
  void make_window();
  void take_next();
  void place(std::vector<rules::Event> events);
  void finish();
  void watch();
  [[nodiscard]] Next prepare(const std::string& rules_file) const;
  void tell(const std::string& line);

  engine::Instrument instrument_;
  Messages& messages_;
  engine::EventTape tape_;
  engine::TempoMap tempo_;
  rules::Events head_;               // without events
  int bars_;
  std::atomic<Frames> made_until_{0}, wanted_{0};
  std::atomic<double> speed_{1.0};
  Frames last_end_ = 0, last_frame_ = 0;  // the worker's
  std::uint32_t last_cue_ = 0;
  std::vector<engine::ScoreEvent> kept_;   // ascending, not on the tape yet
  std::size_t written_ = 0;                // of kept_
  std::atomic<bool> finished_{false};
  std::function<Frames()> position_;

  mutable std::mutex mutex_;
  std::unique_ptr<Watched> watched_;  // below: under the mutex
  Ruled ruled_;
  Kit kit_;
  Timeline timeline_;
  FrameRange loop_;
  std::vector<RuleState> states_;
  std::optional<Next> next_;
  std::optional<std::string> news_;
  std::condition_variable wake_;
  std::atomic<bool> stop_{false};    // written under the mutex
  std::thread thread_;
};

}  // namespace sfa::play
