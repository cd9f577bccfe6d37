// A meter, or time signature.
#pragma once
#include <string_view>

namespace sfa::rules {

struct Meter {
  int numerator = 4;    // 1 to 64
  int denominator = 4;  // a power of two up to 64
  friend bool operator==(Meter, Meter) = default;
};

/// Quarter notes in a bar.
[[nodiscard]] constexpr double bar_beats(Meter meter) { return meter.numerator * 4.0 / meter.denominator; }

/// "4/4", "7/8". Throws Error::invalid_argument for anything else.
[[nodiscard]] Meter parse_meter(std::string_view text);

}  // namespace sfa::rules
