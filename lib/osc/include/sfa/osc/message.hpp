// A message of Open Sound Control 1.0 as a plain value.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sfa::osc {

/// Types i, f or d, s or S, and T or F. Others are passed over when a message comes in.
using Argument = std::variant<std::int32_t, double, std::string, bool>;

struct Message {
  std::string address;              // "/sfa/play"
  std::vector<Argument> arguments;  // doubles go out as f
  friend bool operator==(const Message&, const Message&) = default;
};

}  // namespace sfa::osc
