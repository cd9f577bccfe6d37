// The engine: slices and tracks in, blocks of sound out. The same render() plays live, called
// by the audio device, and offline, called by a loop; what it makes depends on the piece and the
// commands' frames alone, never on the size of the blocks.
//
// Two clocks: the engine's own counts every frame rendered and stamps commands; the position
// counts frames of the piece, stands still in a pause and jumps in a seek.
//
// Real-time safety: render() does not allocate, lock, wait, do I/O or throw, if its feed does not.
// Threads: one renders, one other sends commands and takes reports; everything else is done
// before rendering begins.
#pragma once
#include <atomic>
#include <limits>
#include <vector>

#include "sfa/engine/command.hpp"
#include "sfa/engine/score.hpp"
#include "sfa/engine/spsc_ring.hpp"
#include "sfa/engine/track_feed.hpp"
#include "sfa/engine/track_mixer.hpp"

namespace sfa::engine {

struct Settings {
  SampleRate rate{48000};
  int channels = 2;                  // of the output, >= 1
  int voices = 32;                   // slices that may sound at once, >= 1
  /// The part of the piece to play, to the frame: it begins there and is over at its end.
  FrameRange range{0, std::numeric_limits<Frames>::max()};
};

/// What is played. All of it may be empty: then slices come by command, and it never finishes.
struct Piece {
  AudioView memory = {};             // slices lie in it, at the output's rate
  Score score = {};
  TrackFeed* feed = nullptr;         // not owned, at the output's rate
  std::vector<int> track_channels = {};  // they add up to feed->channels(), at most max_tracks tracks
};

class Engine {
 public:
  /// Throws Error::invalid_argument if the settings or the tracks are not as said above.
  Engine(const Settings& settings, Piece piece);

  /// Before rendering begins: carried out at once and without ramps.
  void prepare(const Action& action);

  /// Fills all of `out`, which has settings.channels channels. Returns how many of its frames belong
  /// to the piece: fewer than it has, with silence after them, once the piece is over.
  Frames render(const Block& out) noexcept;

  // For the other thread.
  /// False if the ring is full (it holds 1024).
  [[nodiscard]] bool send(const Command& command) noexcept { return commands_.push(command); }
  /// False if there is none.
  bool take(Report& report) noexcept { return reports_.pop(report); }
  [[nodiscard]] bool finished() const noexcept { return finished_.load(std::memory_order_acquire); }

 private:
  void take_commands() noexcept;
  void perform_due() noexcept;
  void perform(const PlaySlice& action) noexcept;
  void perform(const ReleaseSlices& action) noexcept;
  void perform(const SetGain& action) noexcept;
  void perform(const SetMute& action) noexcept;
  void perform(const SetSolo& action) noexcept;
  void perform(const SetPaused& action) noexcept;
  void perform(const Seek& action) noexcept;
  Frames until_next_command(Frames limit) const noexcept;
  Frames advance(const Block& out) noexcept;   // renders some of it, returns how much
  Frames play(const Block& out) noexcept;
  [[nodiscard]] Frames until_change(Frames limit) const noexcept;
  void start_due_events() noexcept;
  void apply_gain(const Block& out) noexcept;
  void arrive() noexcept;                      // at the end of a fade: pause or jump
  void jump(Frames position) noexcept;
  [[nodiscard]] bool over() const noexcept;
  void measure(const Block& out) noexcept;
  void report() noexcept;

  Settings settings_;
  Piece piece_;
  VoicePool voices_;
  TrackMixer tracks_;
  GainRamp master_, transport_;
  SpscRing<Command> commands_;
  std::vector<Command> pending_;               // by due frame, at most its capacity
  SpscRing<Report> reports_;
  Report reading_;                             // being collected
  Frames measured_frames_ = 0;
  Frames report_frames_;
  std::size_t next_event_ = 0;
  Frames clock_ = 0, position_ = 0;
  Frames target_ = no_target;                  // of a seek under way
  bool pause_wanted_ = false, paused_ = false;
  bool refilling_ = false;                     // after a seek, until the feed has something again
  std::atomic<bool> finished_{false};
  static constexpr Frames no_target = -1;
};

}  // namespace sfa::engine
