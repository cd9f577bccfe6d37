// The engine: slices and tracks in, blocks of sound out. The same render() plays live, called
// by the audio device, and offline, called by a loop; what it makes depends on the piece and the
// commands' frames alone, never on the size of the blocks: inside it always makes pieces of the same size, cut where
// something happens, and what it has made too much of waits for the next call.
//
// Two clocks: the engine's own counts every frame given out and stamps commands; the position
// counts frames of the piece, stands still in a pause, jumps in a seek, goes round in a loop and may be faster or
// slower than the clock (SetTempo).
//
// Real-time safety: render() does not allocate, lock, wait, do I/O or throw, if its feeds and its sample store do not.
// It takes numbers too small for a normal float for zero.
// Threads: one renders, one other sends commands and takes reports, one reads the tap, one takes cues; everything else
// is done before rendering begins.
#pragma once
#include <atomic>
#include <limits>
#include <memory>
#include <vector>

#include "sfa/engine/command.hpp"
#include "sfa/engine/event_feed.hpp"
#include "sfa/engine/spsc_ring.hpp"
#include "sfa/engine/tap.hpp"
#include "sfa/engine/track_feed.hpp"
#include "sfa/engine/voice_pool.hpp"

namespace sfa::engine {

struct Settings {
  SampleRate rate{48000};
  int channels = 2;                  // of the output, >= 1
  int voices = 32;                   // slices that may sound at once, 1 to 256
  /// The part of the piece to play, to the frame: it begins there and is over at its end.
  FrameRange range{0, std::numeric_limits<Frames>::max()};
  MasterOptions master = {};
  bool tap = false;                  // whether there is one
};

/// What is played. All of it may be empty: then slices come by command, and it never finishes. What is pointed at must
/// outlive the engine.
struct Piece {
  EventFeed* events = nullptr;
  int lanes = 1;                         // that voices play on, each a strip of the mixer; 0 where none do
  TrackFeed* feed = nullptr;             // at the output's rate
  std::vector<int> track_channels = {};  // they add up to feed->channels(); tracks and lanes are at most max_strips
};

class Engine {
 public:
  /// Throws Error::invalid_argument if the settings or the piece are not as said above.
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
  /// False if there is none. Ascending in clock; it holds 1024, more are not told.
  bool take(Cue& cue) noexcept { return cues_.pop(cue); }
  [[nodiscard]] bool finished() const noexcept { return finished_.load(std::memory_order_acquire); }
  /// How many frames have been made: a command due before that comes late. At most lead_frames() more than have been
  /// given out.
  [[nodiscard]] Frames clock() const noexcept { return shown_clock_.load(std::memory_order_acquire); }
  /// Where in the piece that is, with fades of a seek not yet carried out.
  [[nodiscard]] Frames position() const noexcept { return shown_position_.load(std::memory_order_acquire); }
  [[nodiscard]] Frames lead_frames() const noexcept { return piece_frames - 1 + master_.latency_frames(); }
  /// For a Scope; nothing if the settings ask for none.
  [[nodiscard]] Tap* tap() noexcept { return tap_.get(); }

 private:
  void make_piece() noexcept;
  void take_commands() noexcept;
  void perform_due() noexcept;
  void perform(const PlaySlice& action) noexcept;
  void perform(const ReleaseSlices& action) noexcept;
  void perform(const SetGain& action) noexcept;
  void perform(const SetVolume& action) noexcept;
  void perform(const SetMute& action) noexcept;
  void perform(const SetSolo& action) noexcept;
  void perform(const SetPaused& action) noexcept;
  void perform(const Seek& action) noexcept;
  void perform(const SetLoop& action) noexcept;
  void perform(const SetTempo& action) noexcept;
  Frames until_next_command(Frames limit) const noexcept;
  Frames advance(const Block& out) noexcept;   // makes some of it, returns how much
  Frames play(const Block& out) noexcept;
  [[nodiscard]] Frames until_change(Frames limit) const noexcept;
  void start_due_events() noexcept;
  void make_ready_ahead() noexcept;
  [[nodiscard]] bool has_tracks() const noexcept { return piece_.feed != nullptr && !piece_.feed->at_end(); }
  [[nodiscard]] Frames read_tracks(Frames frames) noexcept;
  void mix(const Block& out, bool tracks) noexcept;
  void fade_transport(const Block& out) noexcept;
  void wrap() noexcept;
  void arrive() noexcept;                      // at the end of a fade: pause or jump
  void jump(Frames position) noexcept;
  [[nodiscard]] bool loops() const noexcept { return !loop_.empty() && transport_.position() <= loop_.end; }
  [[nodiscard]] bool over() const noexcept;
  void report() noexcept;
  void hand_to_tap() noexcept;

  Settings settings_;
  Piece piece_;
  VoicePool voices_;
  Mixer mixer_;
  Master master_;
  GainRamp fade_;                              // of pauses and seeks
  Transport transport_;
  FrameRange loop_;
  SpscRing<Command> commands_;
  std::vector<Command> pending_;               // by due frame, at most its capacity
  SpscRing<Report> reports_;
  SpscRing<Cue> cues_;
  std::unique_ptr<Tap> tap_;
  Report reading_;                             // being collected
  Frames report_frames_, unreported_frames_ = 0;
  Frames ahead_frames_;                        // slices are made ready for events so far ahead

  AudioBuffer made_;                           // the piece being made, or given out from given_ on
  Frames given_ = piece_frames;
  Frames to_drop_;                             // the master's delay, at the very beginning
  AudioBuffer tracks_;                         // a piece of the feed
  std::vector<AudioBuffer> lanes_;
  std::vector<Block> lane_blocks_;

  Frames clock_ = 0;                           // frames made, as the commands count
  Frames given_out_ = 0;
  Frames belonging_until_ = 0;                 // by the same clock
  Frames target_ = no_target;                  // of a seek under way
  bool pause_wanted_ = false, paused_ = false;
  bool refilling_ = false;                     // after a seek, until the feed has something again
  std::atomic<bool> finished_{false};
  std::atomic<Frames> shown_clock_{0}, shown_position_{0};
  static constexpr Frames no_target = -1;
};

}  // namespace sfa::engine
