// What rules may know of a slice: numbers and names, never samples.
#pragma once
#include <string>

namespace sfa::rules {

struct SliceFacts {
  int id = 0;              // in the bank
  std::string class_name;  // "kick", "open_hat", ...
  double rms_db = 0.0;     // dBFS
  std::string group{};     // of classes: "hat"; empty for none
  double centroid_hz = 0.0;
  double flatness = 0.0;
  int note = -1;          // MIDI note, -1 for none
  double duration = 0.0;  // seconds
  std::string section{};  // the label of the song's section that it was cut from; empty where it is not known
  std::string role{};     // and that section's role

  [[nodiscard]] bool is(const std::string& class_or_group) const {
    return class_or_group == class_name || (class_or_group == group && !group.empty());
  }
};

}  // namespace sfa::rules
