#include "arguments.hpp"

#include <cmath>
#include <sstream>

#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(Error::Kind::invalid_data, "argument " + name + " of the network " + what);
}

std::string written(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

std::optional<double> as_number(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value.data)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value.data)) return *real;
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? 1.0 : 0.0;
  if (const auto* ratio = std::get_if<Fraction>(&value.data); ratio != nullptr && ratio->denominator > 0)
    return static_cast<double>(ratio->numerator) / static_cast<double>(ratio->denominator);
  return {};
}

}  // namespace

const Value* Arguments::find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() || found->second.is_none() ? nullptr : &found->second;
}

double Arguments::number(const std::string& name, double otherwise, double low, double high) const {
  const auto* value = find(name);
  if (value == nullptr) return otherwise;
  const auto number = as_number(*value);
  if (!number) refuse(name, "is no number");
  if (!(*number >= low && *number <= high))
    refuse(name, "must be between " + written(low) + " and " + written(high));
  return *number;
}

std::int64_t Arguments::integer(const std::string& name, std::int64_t otherwise, std::int64_t low,
                                std::int64_t high) const {
  const double value = number(name, static_cast<double>(otherwise), static_cast<double>(low), static_cast<double>(high));
  if (value != std::floor(value)) refuse(name, "must be a whole number");
  return static_cast<std::int64_t>(value);
}

bool Arguments::flag(const std::string& name, bool otherwise) const {
  return number(name, otherwise ? 1.0 : 0.0, 0.0, 1.0) != 0.0;
}

std::string Arguments::text(const std::string& name, const std::string& otherwise) const {
  const auto* value = find(name);
  if (value == nullptr) return otherwise;
  const auto* text = std::get_if<std::string>(&value->data);
  if (text == nullptr) refuse(name, "is no text");
  return *text;
}

std::vector<double> Arguments::numbers(const std::string& name) const {
  const auto* value = find(name);
  if (value == nullptr) return {};
  const auto* list = std::get_if<ValueList>(&value->data);
  if (list == nullptr) refuse(name, "is no list");
  std::vector<double> numbers;
  for (const auto& item : *list) {
    const auto number = as_number(item);
    if (!number || !std::isfinite(*number)) refuse(name, "is no list of numbers");
    numbers.push_back(*number);
  }
  return numbers;
}

std::vector<std::string> Arguments::texts(const std::string& name) const {
  const auto* value = find(name);
  if (value == nullptr) return {};
  const auto* list = std::get_if<ValueList>(&value->data);
  if (list == nullptr) refuse(name, "is no list");
  std::vector<std::string> texts;
  for (const auto& item : *list) {
    const auto* text = std::get_if<std::string>(&item.data);
    if (text == nullptr) refuse(name, "is no list of names");
    texts.push_back(*text);
  }
  return texts;
}

std::int64_t Arguments::frames(const std::string& name, double otherwise, std::int64_t rate) const {
  constexpr double longest_seconds = 3600.0;
  const double seconds = number(name, otherwise, 0.01, longest_seconds);
  const auto* value = find(name);
  if (const auto* ratio = value == nullptr ? nullptr : std::get_if<Fraction>(&value->data);
      ratio != nullptr && std::abs(ratio->numerator) < (std::int64_t{1} << 40))
    return ratio->numerator * rate / ratio->denominator;
  return static_cast<std::int64_t>(seconds * static_cast<double>(rate));
}

void Arguments::demand(const std::string& name, bool value) const {
  if (flag(name, value) != value)
    throw Error(Error::Kind::unsupported, "networks with " + name + "=" + (value ? "False" : "True") + " are not supported");
}

}  // namespace sfa::separation::networks
