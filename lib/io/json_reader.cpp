#include "json_reader.hpp"

#include <cmath>
#include <utility>

#include "seal.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"

namespace sfa::io::json {
namespace {

constexpr int max_depth = 64;

/// What nlohmann says without its "[json.exception.parse_error.101] parse error at ".
std::string plain(std::string message) {
  if (const auto bracket = message.find("] "); bracket != std::string::npos) message.erase(0, bracket + 2);
  constexpr std::string_view opening = "parse error at ";
  if (message.starts_with(opening)) message.erase(0, opening.size());
  return message;
}

/// Before parsing: the parser's own callback for it looks at all siblings of each object again.
void check_depth(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > max_depth) throw Error(Error::Kind::invalid_data, "nests deeper than 64 levels");
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

std::string shown(double value) {
  Object json = value == std::floor(value) && std::abs(value) < 0x1p53 ? Object(static_cast<std::int64_t>(value))
                                                                       : Object(value);
  return json.dump();
}

std::string kind_of_number(Between bounds) {
  const bool low = bounds.min > std::numeric_limits<double>::lowest();
  const bool high = bounds.max < std::numeric_limits<double>::max();
  if (low && high) return "a number from " + shown(bounds.min) + " to " + shown(bounds.max);
  if (low) return "a number of at least " + shown(bounds.min);
  if (high) return "a number of at most " + shown(bounds.max);
  return "a number";
}

template <typename Integer>
std::string kind_of_integer(Integer min, Integer max) {
  using Limits = std::numeric_limits<Integer>;
  if (max < Limits::max()) return "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
  if (min > Limits::min() || min == 0) return "a whole number of at least " + std::to_string(min);
  return "a whole number";
}

/// The whole number that `value` is, if it is one that Integer can hold.
template <typename Integer>
std::optional<Integer> whole(const Value& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (std::in_range<Integer>(number)) return static_cast<Integer>(number);
  } else if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (std::in_range<Integer>(number)) return static_cast<Integer>(number);
  } else if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::floor(number) == number && std::abs(number) <= 0x1p53) {
      const auto exact = static_cast<std::int64_t>(number);
      if (std::in_range<Integer>(exact)) return static_cast<Integer>(exact);
    }
  }
  return std::nullopt;
}

/// The first string in `value` that is not UTF-8.
std::optional<std::string> not_utf8(const Object& value) {
  if (value.is_string() && !is_utf8(value.get_ref<const std::string&>())) return value.get<std::string>();
  if (value.is_structured())
    for (const auto& member : value)
      if (auto found = not_utf8(member)) return found;
  return std::nullopt;
}

Value parse_document(std::string_view text, const std::string& format, int version) {
  Value value = parse(text);
  const auto member = [&](const char* name) { return value.is_object() ? value.value(name, Value()) : Value(); };
  const Value found = member("format");
  if (!found.is_string()) {
    throw Error(Error::Kind::invalid_data, "is not a " + format + " document: it has no \"format\"");
  }
  if (found != format) {
    throw Error(Error::Kind::invalid_data,
                "is a " + found.get<std::string>() + " document, wanted " + format);
  }
  const auto number = whole<std::int64_t>(member("version"));
  if (!number || *number < 1) {
    throw Error(Error::Kind::invalid_data, "version: must be a whole number of at least 1");
  }
  if (*number > version) {
    throw Error(Error::Kind::unsupported, "is version " + std::to_string(*number) + " of " + format +
                                              ", and this build reads up to version " + std::to_string(version));
  }
  return value;
}

}  // namespace

Reader::Reader(const Value& value, std::string path) : value_(&value), path_(std::move(path)) {
  if (!value_->is_object()) fail("", "an object");
}

std::string Reader::path_to(const std::string& name) const {
  if (name.empty()) return path_.empty() ? "the document" : path_;
  return path_.empty() ? name : path_ + "." + name;
}

void Reader::fail(const std::string& name, const std::string& expected) const {
  throw Error(Error::Kind::invalid_data, path_to(name) + ": must be " + expected);
}

const Value* Reader::find(const char* name) const {
  const auto member = value_->find(name);
  return member == value_->end() || member->is_null() ? nullptr : &*member;
}

bool Reader::has(const char* name) const { return find(name) != nullptr; }

const Value& Reader::value(const char* name) const {
  if (const Value* found = find(name)) return *found;
  throw Error(Error::Kind::invalid_data, path_to(name) + ": is missing");
}

double Reader::number(const char* name, Between bounds) const {
  const Value& found = value(name);
  if (!found.is_number()) fail(name, kind_of_number(bounds));
  const double result = found.get<double>();
  if (!(result >= bounds.min && result <= bounds.max)) fail(name, kind_of_number(bounds));
  return result;
}

double Reader::number_or(const char* name, double fallback, Between bounds) const {
  return has(name) ? number(name, bounds) : fallback;
}

double Reader::level(const char* name) const {
  return number_or(name, -std::numeric_limits<double>::infinity());
}

template <typename Integer>
Integer Reader::integer(const char* name, Integer min, Integer max) const {
  const auto result = whole<Integer>(value(name));
  if (!result || *result < min || *result > max) fail(name, kind_of_integer(min, max));
  return *result;
}
template int Reader::integer<int>(const char*, int, int) const;
template std::int64_t Reader::integer<std::int64_t>(const char*, std::int64_t, std::int64_t) const;
template std::uint64_t Reader::integer<std::uint64_t>(const char*, std::uint64_t, std::uint64_t) const;

std::string Reader::text(const char* name) const {
  const Value& found = value(name);
  if (!found.is_string()) fail(name, "a string");
  auto result = found.get<std::string>();
  if (result.find('\0') != std::string::npos) fail(name, "a string without NUL");
  return result;
}

std::string Reader::text_or(const char* name, const std::string& fallback) const {
  return has(name) ? text(name) : fallback;
}

bool Reader::flag(const char* name) const {
  const Value& found = value(name);
  if (!found.is_boolean()) fail(name, "true or false");
  return found.get<bool>();
}

bool Reader::flag_or(const char* name, bool fallback) const { return has(name) ? flag(name) : fallback; }

Reader Reader::object(const char* name) const { return {value(name), path_to(name)}; }

std::optional<Reader> Reader::object_if(const char* name) const {
  if (!has(name)) return std::nullopt;
  return object(name);
}

std::vector<Reader> Reader::array(const char* name) const {
  const Value& found = value(name);
  if (!found.is_array()) fail(name, "an array");
  std::vector<Reader> result;
  result.reserve(found.size());
  for (const Value& entry : found) {
    result.emplace_back(entry, path_to(name) + "[" + std::to_string(result.size()) + "]");
  }
  return result;
}

std::vector<Reader> Reader::array_or_empty(const char* name) const {
  return has(name) ? array(name) : std::vector<Reader>{};
}

std::vector<double> Reader::numbers(const char* name, Between bounds) const {
  const Value& found = value(name);
  if (!found.is_array()) fail(name, "an array of numbers");
  std::vector<double> result;
  result.reserve(found.size());
  for (const Value& entry : found) {
    const double number = entry.is_number() ? entry.get<double>() : std::numeric_limits<double>::quiet_NaN();
    if (!(number >= bounds.min && number <= bounds.max)) {
      fail(name + ("[" + std::to_string(result.size()) + "]"), kind_of_number(bounds));
    }
    result.push_back(number);
  }
  return result;
}

std::vector<std::string> Reader::texts(const char* name) const {
  const Value& found = value(name);
  if (!found.is_array()) fail(name, "an array of strings");
  std::vector<std::string> result;
  result.reserve(found.size());
  for (const Value& entry : found) {
    if (!entry.is_string() || entry.get_ref<const std::string&>().find('\0') != std::string::npos) {
      fail(name + ("[" + std::to_string(result.size()) + "]"), "a string");
    }
    result.push_back(entry.get<std::string>());
  }
  return result;
}

Document::Document(std::string_view text, const std::string& format, int version)
    : value_(parse_document(text, format, version)), root_(value_, "") {}

Value parse(std::string_view text) {
  if (text.size() > longest_document_bytes) throw Error(Error::Kind::invalid_data, "is too long for a document: over 128 MiB");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw Error(Error::Kind::invalid_data, "is empty, wanted JSON");
  }
  check_depth(text);
  try {
    return Value::parse(text.begin(), text.end());
  } catch (const Value::exception& problem) {
    throw Error(Error::Kind::invalid_data, "is not JSON: " + plain(problem.what()));
  }
}

Object begin_document(const std::string& format, int version, const std::string& recipe) {
  Object document = {{"format", format}, {"version", version}};
  if (!recipe.empty()) document["made_by"] = recipe;
  return document;
}

Object number(double value) { return std::isfinite(value) ? Object(value) : Object(nullptr); }

bool is_utf8(const std::string& text) {
  try {
    (void)Object(text).dump();
    return true;
  } catch (const Object::type_error&) {
    return false;
  }
}

std::string dump(const Object& document, bool compact) {
  try {
    auto text = document.dump(compact ? -1 : 2) + "\n";
    const auto recipe = document.find("made_by");
    return recipe == document.end() ? text : sealed(std::move(text), recipe->get<std::string>());
  } catch (const Object::type_error&) {
    throw Error(Error::Kind::unsupported,
                not_utf8(document).value_or("a name") + " is not UTF-8 and cannot stand in a JSON document");
  }
}

}  // namespace sfa::io::json
