// What the tests of patterns share: slices, and a pattern of one voice out of lines.
#pragma once
#include <string>
#include <vector>

#include "sfa/rules/sequencer.hpp"

namespace sfa::rules {

/// A kick, a hat, a snare, another hat.
inline const std::vector<SliceFacts> four{
    {.id = 0, .class_name = "kick", .rms_db = -6.0, .centroid_hz = 100.0, .duration = 0.2},
    {.id = 1, .class_name = "closed_hat", .rms_db = -30.0, .group = "hat", .centroid_hz = 9000.0, .duration = 0.05},
    {.id = 2, .class_name = "snare", .rms_db = -9.0, .centroid_hz = 1500.0, .note = 50, .duration = 0.15},
    {.id = 3, .class_name = "open_hat", .rms_db = -28.0, .group = "hat", .centroid_hz = 8000.0, .duration = 0.4}};

/// The events of rules in lines; "seq" plays where there is no voice. Each voice has the same slices.
inline std::vector<Event> played(const std::string& lines, int bars = 4, Settings settings = {},
                                 const std::vector<SliceFacts>& slices = four) {
  auto set = parse_rules(lines);
  if (set.voices.empty()) set.voices.emplace_back().name.text = "v1";
  return generate(set, std::vector(set.voices.size(), slices), settings, bars).events;
}

template <typename Member>
auto all(const std::vector<Event>& events, Member member) {
  std::vector<std::decay_t<decltype(events[0].*member)>> values;
  for (const Event& event : events) values.push_back(event.*member);
  return values;
}

}  // namespace sfa::rules
