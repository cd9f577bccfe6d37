// A mix: the document sfa.session as a plain struct.
#pragma once
#include <string>
#include <vector>

namespace sfa::mix {

enum class FadeShape { linear, equal_power };

/// How a position from -1 to 1 becomes the gains of two channels.
enum class PanLaw {
  linear,         // constant amplitude: -6 dB in the centre
  equal_power,    // constant power: -3 dB in the centre
  compromise,     // the geometric mean of both: -4.5 dB
  balance,        // a stereo track keeps its gains, the far side is turned down; 0 dB in the centre
};

/// A stretch of a sound file on a track. Times in seconds.
struct Clip {
  std::string path;
  double position = 0.0;   // where on the track it starts, >= 0
  double start = 0.0;      // where in the file it starts, >= 0
  double duration = -1.0;  // -1: to the file's end
  double gain_db = 0.0;
  double fade_in = 0.0;
  double fade_out = 0.0;
  FadeShape fade_shape = FadeShape::equal_power;
};

struct Track {
  std::string name;
  std::vector<Clip> clips;
  double gain_db = 0.0;
  double pan = 0.0;
  PanLaw pan_law = PanLaw::balance;
  bool mute = false;
  bool solo = false;       // where any track is solo, only those are heard
};

struct Master {
  double gain_db = 0.0;
};

struct Session {
  int sample_rate = 0;     // 0: that of the first clip
  double duration = 0.0;   // seconds; 0: to the end of the last clip
  std::vector<Track> tracks;
  Master master;
};

}  // namespace sfa::mix
