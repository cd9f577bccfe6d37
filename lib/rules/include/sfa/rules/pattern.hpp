// From a mode, rules and what is known of the slices to events. Time is a grid of steps; the mode
// chooses which of them sound and what they play, and then each rule, in order, may change each event.
//
// Every random choice has a stream of its own, numbered by its rule and its step. So a rule added
// behind the others, or another probability in one of them, leaves all other choices as they were.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "sfa/rules/event.hpp"
#include "sfa/rules/mode.hpp"
#include "sfa/rules/rule.hpp"
#include "sfa/rules/slice_facts.hpp"

namespace sfa::rules {

struct Pattern {
  Mode mode;
  std::vector<Rule> rules;
  Meter meter;               // 1 to 64 over a power of two up to 64
  double bpm = 120.0;        // quarter notes in a minute, 10 to 1000
  int bars = 4;              // 1 to 9999
  int steps_per_beat = 4;    // steps in a quarter note, 1 to 96
  double swing = 0.5;        // where in a pair of steps the second falls, 0.5 (straight) to 0.75;
                             // 2/3 is a triplet shuffle (the scale of Linn's drum machines)
  double gate_steps = 0.0;   // events are released after this part of a step, up to 64; 0: they ring
                             // to the slice's end
  std::uint64_t seed = 0;
};

/// The events of a pattern, in ascending time. A ratchet's hits fall evenly into its step, each but the
/// last released by the next one, and each at 0.8 of the velocity before. `rule` lists the numbers (from 1)
/// of the rules that changed the event. Throws Error::invalid_argument outside the ranges above, without
/// slices, for a bar that is no whole number of steps, for over a million steps, 400000 events (more do not
/// fit into a document) or a million seconds.
[[nodiscard]] Events generate(const Pattern& pattern, std::span<const SliceFacts> slices);

}  // namespace sfa::rules
