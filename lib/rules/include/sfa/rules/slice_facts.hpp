// What rules may know of a slice: numbers and names, never samples.
#pragma once
#include <string>

namespace sfa::rules {

struct SliceFacts {
  int id = 0;               // in the bank
  std::string class_name;   // "kick", "snare", ...
  double rms_db = 0.0;      // dBFS
};

}  // namespace sfa::rules
