// What is played: every note and drum hit of the song, in beats, before any sound is made.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace demo {

constexpr double bpm = 112.0;
constexpr int beats_per_bar = 4;
constexpr double lead_in = 0.1;  // seconds of silence before the first beat
constexpr double tail = 1.3;     // seconds kept for the last chord

enum class Section { intro, verse, chorus, ending };
enum class Drum { kick, snare, clap, closed_hat, open_hat, crash, low_tom, mid_tom, high_tom };

struct Hit {
  double beat = 0.0;
  Drum drum = Drum::kick;
  double velocity = 1.0;  // 0 to 1
};

struct Note {
  double beat = 0.0;
  double beats = 1.0;
  int pitch = 69;  // MIDI note number
  double velocity = 1.0;
};

enum class Vowel { a, e, i, o, u };
enum class Consonant { none, hiss, burst, hum };  // as in "sa", "ta", "ma"

struct Syllable {
  Note note;
  Vowel vowel = Vowel::a;
  Consonant consonant = Consonant::none;
};

struct Chord {
  double beat = 0.0;
  double beats = 4.0;
  std::string name;
  int root = 45;             // MIDI note number in the bass's octave
  std::vector<int> pitches;  // in the pad's octave
  Section section = Section::verse;
};

struct Score {
  double seconds = 0.0;
  int bars = 0;               // of song; the last chord falls on the beat after them
  std::vector<Section> form;  // one for each bar
  std::vector<Chord> chords;
  std::vector<Hit> drums;
  std::vector<Note> bass, arpeggio, lead;
  std::vector<Syllable> voice;
};

/// A song of that many whole bars as fit: an intro (from 4 bars on), then verses and choruses of
/// up to 8 bars, a fill at the end of each, and a last chord. The seed moves velocities and ghost notes.
[[nodiscard]] Score compose(double seconds, std::uint64_t seed);

/// Seconds from the song's begin.
[[nodiscard]] constexpr double time_of(double beat) { return lead_in + beat * 60.0 / bpm; }

[[nodiscard]] const char* name(Section section);
[[nodiscard]] const char* name(Drum drum);

}  // namespace demo
