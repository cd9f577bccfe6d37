// A generated pattern: the document sfa.events as a plain struct.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sfa/rules/meter.hpp"

namespace sfa::rules {

/// One slice to be played.
struct Event {
  double time = 0.0;       // seconds from the start, >= 0
  double beat = 0.0;       // the same position in quarter notes
  int slice = 0;           // id in the bank
  double velocity = 1.0;   // 0 to 1, an amplitude factor
  double pitch = 0.0;      // semitones
  double rate = 1.0;       // playback rate besides pitch, > 0
  bool reverse = false;
  double pan = 0.0;        // -1 left .. 1 right
  double gate = 0.0;       // seconds until it is released; 0: to the slice's end
  std::string rule;        // the rules that made it so, comma-separated; empty for the plain mode
};

struct Events {
  double bpm = 120.0;
  Meter meter;
  std::uint64_t seed = 0;
  double duration = 0.0;         // seconds, the whole pattern
  std::string bank;              // path of the bank's document; empty if it is given inline
  std::string mode;              // as given: "euclid:5/16"
  std::vector<std::string> rules;  // as given: "every 4: reverse"
  std::vector<Event> events;     // ascending in time
};

}  // namespace sfa::rules
