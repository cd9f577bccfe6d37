// A mix: the document sfa.session as a plain struct. Times are in seconds.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sfa::mix {

enum class FadeShape {
  linear,       // two clips that cross keep the sum of their amplitudes
  equal_power,  // two clips that cross keep the sum of their powers: a sine's quarter
};

/// How a pan position from -1 to 1 becomes the gains of left and right: see pan.hpp.
enum class PanLaw {
  linear,       // constant amplitude: -6 dB each in the centre
  equal_power,  // constant power: -3 dB in the centre
  compromise,   // the geometric mean of both: -4.5 dB in the centre
  balance,      // the far side is turned down, the near side stays: 0 dB in the centre
};

/// The names that documents and options use.
[[nodiscard]] const char* name(FadeShape shape);
[[nodiscard]] const char* name(PanLaw law);
[[nodiscard]] std::optional<FadeShape> fade_shape(std::string_view name);
[[nodiscard]] std::optional<PanLaw> pan_law(std::string_view name);

/// A stretch of a sound file on a track.
struct Clip {
  std::string path;
  double position = 0.0;   // where on the track it starts, >= 0
  double start = 0.0;      // where in the file it starts, >= 0
  double duration = -1.0;  // -1: to the file's end
  double gain_db = 0.0;
  double fade_in = 0.0;    // no longer than the clip
  double fade_out = 0.0;
  FadeShape fade_shape = FadeShape::equal_power;
};

struct Track {
  std::string name;
  std::vector<Clip> clips;  // those that overlap are added
  double gain_db = 0.0;
  double pan = 0.0;         // -1 left to 1 right
  PanLaw pan_law = PanLaw::balance;
  bool mute = false;        // stronger than solo
  bool solo = false;        // where any track is solo, only those are heard
};

/// What the whole mix shall reach; see level.hpp.
struct Goal {
  std::optional<double> target_lufs;  // integrated loudness
  std::optional<double> ceiling_db;   // highest true peak, dBTP
};

struct Master {
  double gain_db = 0.0;
  Goal goal;
};

struct Session {
  int sample_rate = 0;    // Hz; 0: that of the first clip
  double duration = 0.0;  // 0: to the end of the last clip
  std::vector<Track> tracks;
  Master master;
};

/// Whether a track takes part in the mix: not muted, and solo if any track is.
[[nodiscard]] bool is_heard(const Session& session, const Track& track);

}  // namespace sfa::mix
