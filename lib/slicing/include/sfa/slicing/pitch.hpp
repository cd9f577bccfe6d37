// The pitch of a sound with one voice.
// de Cheveigné and Kawahara, "YIN, a fundamental frequency estimator for speech and music", J. Acoust.
// Soc. Am. 111(4), 2002, steps 1 to 5.
#pragma once
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::slicing {

struct Pitch {
  double frequency_hz = 0.0;   // 0 where there is none
  double aperiodicity = 1.0;   // 0 (periodic) to 1: the share of power that does not repeat
};

/// From 40 Hz to 2 kHz, in a window of two periods of 40 Hz (50 ms) after `begin`; no pitch where the
/// signal is shorter than that or silent. 0 <= begin.
[[nodiscard]] Pitch pitch_at(std::span<const float> signal, SampleRate rate, Frames begin);

/// The median of the windows in the first second of a sound after its attack (20 ms), every 80 ms.
/// No pitch where fewer than half of them agree with it to within half a semitone.
[[nodiscard]] Pitch steady_pitch(std::span<const float> signal, SampleRate rate);

/// The nearest MIDI note, 0 to 127, A4 = 69 = 440 Hz. `frequency_hz` > 0.
[[nodiscard]] int midi_note(double frequency_hz);

}  // namespace sfa::slicing
