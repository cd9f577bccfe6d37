#include "numbers.hpp"

#include <array>
#include <charconv>

namespace sfa::rules {
namespace {

/// The number times ten to the power of `by`.
std::string moved(std::string_view number, int by) {
  const auto e = number.find_first_of("eE");
  int exponent = 0;
  if (e != std::string_view::npos) {
    const auto digits = number.substr(e + 1);
    std::from_chars(digits.data() + digits.starts_with('+'), digits.data() + digits.size(), exponent);
  }
  return std::string(number.substr(0, e)) + "e" + std::to_string(exponent + by);
}

double parsed(std::string_view text) {
  double number = 0.0;
  std::from_chars(text.data() + text.starts_with('+'), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string shortest(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

std::string to_percent(double probability) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), probability, std::chars_format::scientific).ptr;
  const std::string exact = moved({text.data(), end}, 2);  // "d.ddde1"
  const auto e = exact.find('e');
  const int exponent = std::stoi(exact.substr(e + 1));
  if (exponent < 0 || exponent > 2) return exact;
  std::string digits = exact.substr(0, e);
  if (const auto point = digits.find('.'); point != std::string::npos) digits.erase(point, 1);
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return digits + std::string(whole - digits.size(), '0');
  return digits.insert(whole, ".");
}

double from_percent(std::string_view number) { return parsed(moved(number, -2)); }

}  // namespace sfa::rules
