// What is known about a song: the document sfa.analysis as a plain struct.
#pragma once
#include <string>
#include <vector>

#include "sfa/audio/source.hpp"

namespace sfa::analysis {

struct Tempo {
  double bpm = 0.0;         // 0 where no beat was found
  double confidence = 0.0;  // 0 to 1
};

struct Beat {
  double time = 0.0;        // seconds
  double confidence = 0.0;  // 0 to 1
};

struct Key {
  int tonic = -1;           // pitch class, 0 = C .. 11 = B, -1 where there is none
  bool minor = false;
  std::string name;         // "A minor", "none"
  std::string camelot;      // "8A"; empty where there is none
  double confidence = 0.0;  // 0 to 1
  double tuning_cents = 0.0;  // of A4 against 440 Hz, -50 to 50
};

/// ITU-R BS.1770-4 and EBU Tech 3342, -infinity for silence.
struct Loudness {
  double integrated_lufs = 0.0;
  double range_lu = 0.0;
  double true_peak_db = 0.0;  // dBTP, highest of all channels
};

struct Analysis {
  Source source;
  double start = 0.0;     // seconds into the source, where the analysed part begins (times count from the source's)
  double duration = 0.0;  // seconds, of the analysed part
  std::string container;  // "FLAC", "WAV", "MP3": as the file says
  std::string encoding;   // "16-bit PCM", "Vorbis"
  Tempo tempo;
  std::vector<Beat> beats;
  Key key;
  Loudness loudness;
};

}  // namespace sfa::analysis
