// From patterns and beats to MIDI.
#pragma once
#include <span>

#include "sfa/midi/sequence.hpp"
#include "sfa/rules/event.hpp"
#include "sfa/slicing/bank.hpp"

namespace sfa::midi {

/// What note a slice becomes.
enum class NoteMap {
  general_midi,  // the drum of its class, on channel 10, and a track for each class
  notes,         // ascending from key 36: slice 0 is 36, up to 91 is 127; the next 92 on the next channel
                 // (channel 10 is left out), and a track for each channel
};

/// The key of a class in General MIDI's percussion map (General MIDI System Level 1, RP-003, table 3);
/// -1 for silence, which has none.
[[nodiscard]] int general_midi_drum(slicing::SliceClass kind);

/// A pattern at its tempo, a marker at each bar, its rules as texts. An event lasts as long as its gate, else
/// as its slice lasts at the event's pitch and rate, else (without `bank`) a sixteenth. Pitch, pan and
/// reversal have no place in a note and are left out, and with general_midi slices of class silence.
/// Throws Error::invalid_data for a slice that `bank` has not, Error::invalid_argument for general_midi
/// without a bank, Error::unsupported for more slices or a longer time than MIDI can say.
[[nodiscard]] Sequence arrange(const rules::Events& events, const slicing::Bank* bank, NoteMap map,
                               int ticks_per_quarter = 480);

/// A song's beats (seconds, ascending) as a tempo map that keeps the ticks on them: each beat a quarter note,
/// and a wood block on each. The time before the first beat is as many quarter notes as fit best, one at
/// least, unless it is less than a millisecond. Rounding to whole microseconds does not add up: each beat
/// is within half a microsecond of its time, the first within that for each quarter note before it. Throws Error::invalid_data for less than two beats or ones that
/// do not ascend, Error::unsupported for beats further apart than MIDI can say.
[[nodiscard]] Sequence arrange_beats(std::span<const double> beats, int ticks_per_quarter = 480);

}  // namespace sfa::midi
