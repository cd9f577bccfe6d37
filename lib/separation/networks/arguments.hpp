// A network's keyword arguments, read with their defaults and checked against sane bounds.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfa/separation/value.hpp"

namespace sfa::separation::networks {

class Arguments {
 public:
  explicit Arguments(const ValueMap& values) : values_(values) {}

  // Each throws Error::invalid_data where the value is of another type or out of bounds.
  [[nodiscard]] std::int64_t integer(const std::string& name, std::int64_t otherwise, std::int64_t low,
                                     std::int64_t high) const;
  /// Fractions and whole numbers count as numbers.
  [[nodiscard]] double number(const std::string& name, double otherwise, double low, double high) const;
  [[nodiscard]] bool flag(const std::string& name, bool otherwise) const;
  [[nodiscard]] std::string text(const std::string& name, const std::string& otherwise) const;
  [[nodiscard]] std::vector<double> numbers(const std::string& name) const;      // none or absent: empty
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const;
  /// seconds * rate in whole frames, rounded down as int() does; exact for fractions.
  [[nodiscard]] std::int64_t frames(const std::string& name, double otherwise, std::int64_t rate) const;

  /// Throws Error::unsupported unless `name` is absent, None, or has this value.
  void demand(const std::string& name, bool value) const;

 private:
  [[nodiscard]] const Value* find(const std::string& name) const;  // null if absent or None
  const ValueMap& values_;
};

}  // namespace sfa::separation::networks
