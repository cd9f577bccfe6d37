#include "sfa/tool/between.hpp"

#include <fmt/core.h>

#include <cmath>

namespace sfa::tool {

CLI::Validator between(double low, double high) {
  const auto check = [low, high](std::string& text) {
    double value = 0.0;
    const bool inside =
        CLI::detail::lexical_cast(text, value) && std::isfinite(value) && value >= low && value <= high;
    return inside ? std::string() : fmt::format("{} is not a number from {} to {}", text, low, high);
  };
  return {check, high < 1e6 ? fmt::format("{}..{}", low, high) : ""};
}

}  // namespace sfa::tool
