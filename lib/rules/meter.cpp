#include "sfa/rules/meter.hpp"

#include <charconv>
#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::rules {

Meter parse_meter(std::string_view text) {
  Meter meter;
  const char* const last = text.data() + text.size();
  const auto [slash, first_error] = std::from_chars(text.data(), last, meter.numerator);
  bool good = first_error == std::errc() && slash != last && *slash == '/';
  if (good) {
    const auto [end, error] = std::from_chars(slash + 1, last, meter.denominator);
    good = error == std::errc() && end == last;
  }
  const int n = meter.denominator;
  if (!good || meter.numerator < 1 || meter.numerator > 64 || n < 1 || n > 64 || (n & (n - 1)) != 0) {
    throw Error(
        Error::Kind::invalid_argument,
        "meter \"" + std::string(text) + "\": expected N/D with N from 1 to 64 and D a power of two up to 64");
  }
  return meter;
}

}  // namespace sfa::rules
