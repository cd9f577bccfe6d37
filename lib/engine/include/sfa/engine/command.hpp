// What is said to the engine while it runs, and what it answers. Both are plain values that
// travel through rings.
#pragma once
#include <array>
#include <cstdint>
#include <variant>

#include "sfa/engine/master.hpp"
#include "sfa/engine/mixer.hpp"
#include "sfa/engine/transport.hpp"
#include "sfa/engine/trigger.hpp"

namespace sfa::engine {

/// Plays a slice now, whatever the piece does.
struct PlaySlice { Trigger trigger; };
/// Ends the gates of all voices, or of a lane's.
struct ReleaseSlices { int lane = -1; };
struct SetGain { float gain = 1.0F; };                      // of the master
// Strips are those of the feed's tracks, in their order, and after them the lanes.
struct SetVolume { int strip = 0; float gain = 1.0F; };
struct SetMute { int strip = 0; bool on = false; };
struct SetSolo { int strip = 0; bool on = false; };
struct SetPaused { bool on = false; };
/// Moves the position; `relative` to where it is or, with a move still going on, will be.
struct Seek { Frames frame = 0; bool relative = false; };
/// Where its end is reached, the piece goes on at its begin, without a fade; sounds ring on. Empty: no loop. One that
/// is shorter than 50 ms or not within the piece's range is passed over. A feed that is streamed needs a moment to
/// read elsewhere: what is looped should not end within it.
struct SetLoop { FrameRange range; };
/// How fast the piece goes by; the pitch of what it plays stays, and gates of its events end where their beats are now.
/// Passed over with tracks, which go at their own.
struct SetTempo { TempoRatio ratio; };

using Action = std::variant<PlaySlice, ReleaseSlices, SetGain, SetVolume, SetMute, SetSolo, SetPaused, Seek, SetLoop,
                            SetTempo>;

/// `due` counts the frames that the engine has given out since it was made. A command that comes
/// late is carried out as soon as can be, and counted; those due at one frame in the order
/// in which they were sent. 0 stands for as soon as can be, and never is late.
struct Command {
  Frames due = 0;
  Action action;
};

inline constexpr int max_strips = 64;

/// The engine's state, thirty times a second while it renders. What is counted is counted from the beginning.
struct Report {
  Frames clock = 0;                 // frames made
  Frames position = 0;              // in the piece; with a seek under way, where it leads
  TempoRatio tempo;
  FrameRange loop;
  bool paused = false;
  bool finished = false;
  int voices = 0;
  std::uint64_t starved_frames = 0; // silence because the feed had nothing, but for seeks
  std::uint64_t events = 0;         // of the piece that were come upon, each time that they were
  std::uint64_t missing_slices = 0; // events whose slice was not there
  std::uint64_t stolen_voices = 0;
  std::uint64_t late_events = 0;    // that came on the tape after their frame, and were played at once
  std::uint64_t late_commands = 0;
  MasterLevels master;
  std::array<StripState, max_strips> strips{};
};

/// An event began, for whoever sends messages along with it; or, with 0, all that sounded was cut off by a jump or
/// a pause.
struct Cue {
  std::uint32_t number = 0;
  Frames clock = 0;
};

}  // namespace sfa::engine
