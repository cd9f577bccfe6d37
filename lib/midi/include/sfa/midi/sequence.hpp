// What a Standard MIDI File holds, as plain structs. Positions are ticks from the start.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace sfa::midi {

using Ticks = std::int64_t;  // 0 to 0x0FFFFFFF, the longest that a file can say

struct TempoChange {
  Ticks tick = 0;
  int microseconds_per_quarter = 500'000;  // 1 to 0xFFFFFF, which is 3.58 beats a minute
};

struct TimeSignature {
  Ticks tick = 0;
  int numerator = 4;    // 1 to 255
  int denominator = 4;  // a power of two up to 64
};

struct Marker {
  Ticks tick = 0;
  std::string text;
};

struct Note {
  Ticks tick = 0;
  Ticks duration = 1;  // at least 1
  int channel = 0;     // 0 to 15; 9 has the drums of General MIDI
  int key = 60;        // 0 to 127, 60 is middle C
  int velocity = 64;   // 1 to 127
};

struct Track {
  std::string name;
  std::vector<Note> notes;  // in any order
};

/// The first track of the file holds all but the notes; then comes one for each of `tracks`.
struct Sequence {
  int ticks_per_quarter = 480;  // 1 to 32767
  std::string name;
  std::vector<std::string> texts;
  std::vector<TempoChange> tempos;             // ascending
  std::vector<TimeSignature> time_signatures;  // ascending
  std::vector<Marker> markers;                 // ascending
  std::vector<Track> tracks;
  Ticks length = 0;  // every track ends here, or at its last event if that is later
};

/// The whole number of microseconds nearest to a quarter note of `seconds`. Throws Error::unsupported
/// for a tempo that a file cannot say.
[[nodiscard]] int microseconds_per_quarter(double seconds);

}  // namespace sfa::midi
