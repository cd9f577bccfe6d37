// Numbers in text, so that reading gives back what was written to the last bit. Private to lib/rules.
#pragma once
#include <string>
#include <string_view>

namespace sfa::rules {

/// The shortest text that std::from_chars reads as this number.
[[nodiscard]] std::string shortest(double number);

/// A probability in percent, and back: the decimal point is moved in the text, where a multiplication would round.
[[nodiscard]] std::string to_percent(double probability);
[[nodiscard]] double from_percent(std::string_view number);

}  // namespace sfa::rules
