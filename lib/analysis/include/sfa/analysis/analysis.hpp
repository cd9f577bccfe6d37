// What is known about a song: the document sfa.analysis as a plain struct.
// Confidences are from 0 (a guess) to 1, and are meant as the share of cases in which such a value is right.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/source.hpp"

namespace sfa::analysis {

/// Another tempo that a listener may tap: half, double, two thirds ...
struct TempoCandidate {
  double bpm = 0.0;
  double weight = 0.0;  // 0 to 1; the weights of the tempo itself and of all candidates sum to 1
};

struct Tempo {
  double bpm = 0.0;         // 0 where no beat was found
  double confidence = 0.0;  // 0 to 1
  std::vector<TempoCandidate> alternatives{};  // by falling weight
  bool steady = false;      // one line through all beats fits them: made to a click
  double drift_percent = 0.0;  // change of tempo from the begin to the end, as a line through the beat lengths has it
  double swing = 0.5;       // where the off-beat eighth lies inside its beat: 0.5 straight, 0.667 triplet
};

struct Beat {
  double time = 0.0;        // seconds
  double confidence = 0.0;  // 0 to 1
  int position = 0;         // in its bar, 1 is the downbeat; 0 where it is not known
};

struct Meter {
  int beats_per_bar = 0;    // 3, 4, 6, 7 ...; 0 where it is not known
  double confidence = 0.0;
};

/// A run of beats on a straight line: beat k of it lies at time + k * 60 / bpm.
struct GridSegment {
  double time = 0.0;        // seconds, of its first beat
  double bpm = 0.0;
  int beats = 0;            // how many intervals it spans
  int first_position = 0;   // of its first beat in its bar, as Beat::position
};

struct Key {
  int tonic = -1;           // pitch class, 0 = C .. 11 = B, -1 where there is none
  bool minor = false;
  std::string name;         // "A minor", "none"
  std::string camelot;      // "8A"; empty where there is none
  double confidence = 0.0;  // 0 to 1
  double tuning_cents = 0.0;  // of A4 against 440 Hz, -50 to 50
  std::string open_key{};   // "1m"; empty where there is none
};

/// A part of the song in one key.
struct KeySpan {
  double time = 0.0, duration = 0.0;  // seconds
  Key key;
};

struct Chord {
  double time = 0.0, duration = 0.0;  // seconds
  int root = -1;            // pitch class, -1 for no chord
  bool minor = false;
  std::string name;         // "C", "F#m", "N" for no chord
  double confidence = 0.0;
};

/// ITU-R BS.1770-4 and EBU Tech 3341 and 3342, -infinity for silence.
struct Loudness {
  double integrated_lufs = 0.0;
  double range_lu = 0.0;
  double true_peak_db = 0.0;   // dBTP, highest of all channels
  double maximum_momentary_lufs = 0.0, maximum_short_term_lufs = 0.0;
  double step = 0.0;           // seconds between values of the curves, which are empty unless asked for
  std::vector<float> momentary_lufs{};   // value i: of the 0.4 s that end at i * step + 0.4
  std::vector<float> short_term_lufs{};  // value i: of the 3 s that end at i * step + 3
};

/// A stretch of music between two boundaries.
struct Section {
  double time = 0.0, duration = 0.0;  // seconds
  std::string label;        // "A", "B": what repeats has the same letter
  std::string role;         // intro, verse, chorus, bridge, break, build, drop, solo, outro; empty where unclear
  int first_bar = 0, bars = 0;  // counted from 0 at the first downbeat; 0 bars where no bars are known
  double confidence = 0.0;       // that a boundary lies at its begin
  double role_confidence = 0.0;
};

/// A point that a DJ would mark.
struct Cue {
  std::string type;         // first_beat, intro, drop, break, outro, mix_in, mix_out
  double time = 0.0;        // seconds
  int bar = 0;              // counted from 0 at the first downbeat
  int phrase_bars = 0;      // 4, 8, 16, 32: how long a phrase begins there; 0 where that says nothing
  double confidence = 0.0;
};

/// A stretch whose end leads back to its begin.
struct Loop {
  double time = 0.0, duration = 0.0;  // seconds
  FrameRange range;         // in the source's frames
  int bars = 0;
  double seamlessness = 0.0;  // 0 to 1: how alike what follows the end and what follows the begin are
  double score = 0.0;       // what they are ranked by: seamlessness, evenness, and how clean the stem is
  std::string stem;         // whose; empty for the mix
};

/// A feature's values over the song, and the frames themselves where they were asked for.
struct Statistics {
  double mean = 0.0, deviation = 0.0, minimum = 0.0, maximum = 0.0, median = 0.0;
};

struct Feature {
  std::string name;         // "rms", "mfcc"
  double hop = 0.0;         // seconds between frames
  int rows = 1;             // of a frame: 13 MFCC, 12 pitch classes
  std::vector<Statistics> statistics;  // of each row
  std::vector<float> values;  // frame-major, frames x rows; empty unless asked for
};

/// How a stem of a song came out.
struct StemQuality {
  std::string name;         // "drums"
  std::string path;
  double loudness_lufs = 0.0;
  double silence = 0.0;     // share of the time below -60 dBFS
  double leakage_db = 0.0;  // of what it shares with the other stems against itself, <= 0; -infinity for none
  double quality = 0.0;     // 0 to 1
  bool worth_looping = false;
};

struct Analysis {
  Source source;
  double start = 0.0;     // seconds into the source, where the analysed part begins (times count from the source's)
  double duration = 0.0;  // seconds, of the analysed part
  std::string container;  // "FLAC", "WAV", "MP3": as the file says
  std::string encoding;   // "16-bit PCM", "Vorbis"
  Tempo tempo;
  Meter meter;
  std::vector<GridSegment> grid;
  std::vector<Beat> beats;
  Key key;
  std::optional<Key> runner_up;      // the second best key of the whole
  std::vector<KeySpan> keys;         // more than one where the song modulates
  std::vector<Chord> chords;
  Loudness loudness;
  std::vector<Section> sections;
  std::vector<Cue> cues;
  std::vector<Loop> loops;           // best first
  std::vector<Feature> features;
  std::vector<StemQuality> stems;
};

}  // namespace sfa::analysis
