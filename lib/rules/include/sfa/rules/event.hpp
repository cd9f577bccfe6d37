// A generated pattern: the document sfa.events as a plain struct.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfa/rules/action.hpp"
#include "sfa/rules/meter.hpp"

namespace sfa::rules {

/// One slice to be played.
struct Event {
  double time = 0.0;      // seconds from the start, >= 0
  double beat = 0.0;      // the same position in quarter notes
  int slice = 0;          // id in the bank
  double velocity = 1.0;  // 0 to 1, an amplitude factor
  double pitch = 0.0;     // semitones
  double rate = 1.0;      // playback rate besides pitch, > 0
  bool reverse = false;
  double pan = 0.0;   // -1 left .. 1 right
  double gate = 0.0;  // seconds until it is released; 0: to the slice's end
  std::string rule;   // the ids of the rules that made it so, comma-separated; empty for the plain mode

  std::uint64_t id = 0;  // of the event: ascending, no two alike
  std::string voice{};   // that plays it; empty where there is but one without a name
  double gain_db = 0.0;  // besides the velocity
  std::optional<Filter> filter{};
  double stretch = 1.0;      // how many times as long it lasts at the same pitch, 1/16 to 16
  int mute_group = 0;        // what sounds in it ends with this event; 0: none
  std::string scene{};       // in which it was made; empty for none
  std::vector<Midi> midi{};  // messages to be sent with it
  std::vector<Osc> osc{};
  std::vector<std::string> explanation{};  // which rules fired and on which draw, if that was asked for
};

/// A voice of a pattern, and its bank.
struct EventVoice {
  std::string name;
  std::string bank;  // path of the bank's document
  std::string mode;
};

struct Events {
  double bpm = 120.0;
  Meter meter;
  std::uint64_t seed = 0;
  double duration = 0.0;  // seconds, the whole pattern
  std::string bank;       // path of the bank's document; empty if it is given inline, or each voice has its own
  std::string mode;       // in one line: "euclid:5/16"
  std::vector<std::string> rules;    // in one line each: "every 4: reverse"
  std::vector<EventVoice> voices{};  // where they have names
  std::vector<Event> events;         // ascending in time
};

}  // namespace sfa::rules
