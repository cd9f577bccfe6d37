// What is said to the engine while it runs, and what it answers. Both are plain values that
// travel through rings.
#pragma once
#include <array>
#include <cstdint>
#include <variant>

#include "sfa/engine/voice.hpp"

namespace sfa::engine {

struct PlaySlice { Trigger trigger; };
struct ReleaseSlices {};
struct SetGain { float gain = 1.0F; };                      // of the master
struct SetMute { int track = 0; bool on = false; };
struct SetSolo { int track = 0; bool on = false; };
struct SetPaused { bool on = false; };
/// Moves the position; `relative` to where it is or, with a move still going on, will be.
struct Seek { Frames frame = 0; bool relative = false; };

using Action = std::variant<PlaySlice, ReleaseSlices, SetGain, SetMute, SetSolo, SetPaused, Seek>;

/// `due` counts the frames that the engine has rendered since it was made. A command that comes
/// late is carried out at the beginning of the next block; those due at one frame in the order
/// in which they were sent.
struct Command {
  Frames due = 0;
  Action action;
};

inline constexpr int max_tracks = 64;

/// Thirty times a second while it renders, in rendered frames.
struct Report {
  Frames clock = 0;                 // frames rendered
  Frames position = 0;              // in the piece
  bool paused = false;
  bool finished = false;
  int voices = 0;
  std::uint64_t starved_frames = 0; // silence since the beginning because the feed had nothing, but for seeks
  float peak = 0.0F;                // highest absolute sample of the master since the last report
  std::array<float, max_tracks> track_peaks{};
};

}  // namespace sfa::engine
