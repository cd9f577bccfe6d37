// One slice to be played, and how. A plain value that travels through rings.
#pragma once
#include <optional>

#include "sfa/dsp/sinc.hpp"
#include "sfa/dsp/state_variable_filter.hpp"
#include "sfa/engine/sample.hpp"

namespace sfa::engine {

struct Filter {
  dsp::SvfKind kind = dsp::SvfKind::low_pass;
  double cutoff_hz = 1000.0;   // 1 and up
  double q = 0.7071067811865476;  // 0.1 to 100
  double end_hz = 0.0;         // where the cutoff has glided to, by octaves, when the sound ends; 0: it stays
};

/// How the voice finds samples between samples: a windowed sinc that does not alias, or the cheap cubic.
enum class Quality { sinc, hermite };

struct Trigger {
  SampleSlot* sample = nullptr;
  float gain = 1.0F;
  float pan = 0.0F;            // -1 left .. 1 right, see pan.hpp
  double speed = 1.0;          // frames of the sample for each frame of output, 1/64 to 64
  const dsp::SincKernel* kernel = nullptr;  // for that speed; nothing: Hermite. See set_speed().
  bool reverse = false;
  Frames attack_frames = 0;    // a rise besides the sample's own fade
  Frames gate_frames = 0;      // output frames until it is released; 0: plays to the slice's end
  Frames release_frames = 0;   // of the fade at the gate's end; 0: release_frames() of score.hpp
  std::optional<Filter> filter = std::nullopt;
  int lane = 0;                // the mixer's, see Piece::lanes
  int mute_group = 0;          // a new sound silences those of its group, from 1 on
};

/// Gives it a speed, and the kernel that goes with it. Not real-time safe: it may make that kernel.
void set_speed(Trigger& trigger, double speed, Quality quality);

/// Whether every number in it is finite and within the ranges above.
[[nodiscard]] bool sound(const Trigger& trigger) noexcept;

/// Output frames from the first to the last that it makes heard, of a slice of `slice_frames` frames. `release` is
/// what a trigger's 0 stands for.
[[nodiscard]] Frames length_frames(const Trigger& trigger, Frames slice_frames, Frames release) noexcept;

}  // namespace sfa::engine
