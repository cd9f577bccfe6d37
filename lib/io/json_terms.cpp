#include "json_terms.hpp"

#include <cmath>

namespace sfa::io::json {
namespace {

std::string shown(double number) {
  return Object(number == std::floor(number) ? Object(static_cast<std::int64_t>(number)) : Object(number)).dump();
}

std::string bounds(rules::Range range) { return "from " + shown(range.min) + " to " + shown(range.max); }

}  // namespace

std::string Place::text(const char* expected) const {
  if (!value.is_string()) fail(expected);
  auto result = value.get<std::string>();
  if (result.find('\0') != std::string::npos) fail("a string without NUL");
  return result;
}

void read(const Place& place, double& value, rules::Range range) {
  const double number = place.value.is_number() ? place.value.get<double>() : std::nan("");
  if (!(number >= range.min && number <= range.max)) place.fail("a number " + bounds(range));
  value = number;
}

void read(const Place& place, int& value, rules::Range range) {
  const double number = place.value.is_number() ? place.value.get<double>() : std::nan("");
  if (!(number >= range.min && number <= range.max) || number != std::floor(number))
    place.fail("a whole number " + bounds(range));
  value = static_cast<int>(number);
}

void read(const Place& place, bool& value, rules::Range) {
  if (!place.value.is_boolean()) place.fail("true or false");
  value = place.value.get<bool>();
}

void read(const Place& place, rules::Probability& value, rules::Range) { read(place, value.value, {0.0, 1.0}); }

void read(const Place& place, rules::Name& value, rules::Range) {
  value.text = place.text();
  if (!rules::is_name(value.text)) place.fail("a name: 1 to 64 letters, digits, _, - and .");
}

void read(const Place& place, rules::ClassName& value, rules::Range) { value.text = place.text(); }
void read(const Place& place, std::string& value, rules::Range) { value = place.text(); }

void read(const Place& place, rules::Weight& value, rules::Range range) {
  if (!place.value.is_object() || place.value.size() != 2 || !place.value.contains("of") ||
      !place.value.contains("weight"))
    place.fail("an object of \"of\" and \"weight\"");
  value.what = place["of"].text();
  read(place["weight"], value.weight, range);
}

}  // namespace sfa::io::json
