#include "json_text.hpp"

#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "byte_reader.hpp"

namespace sfa::separation {

namespace {

using nlohmann::json;

constexpr int deepest_argument = 64;

json to_json(const Value& value);

struct ToJson {
  json operator()(std::monostate) const { return nullptr; }
  json operator()(bool flag) const { return flag; }
  json operator()(std::int64_t number) const { return number; }
  json operator()(double number) const {
    if (std::isfinite(number)) return number;
    return {{"real", std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf"}};
  }
  json operator()(const std::string& text) const { return text; }
  json operator()(const Fraction& fraction) const {
    return {{"fraction", json::array({fraction.numerator, fraction.denominator})}};
  }
  json operator()(const Opaque& opaque) const { return {{"opaque", opaque.name}}; }
  json operator()(const ValueList& values) const {
    auto list = json::array();
    for (const auto& value : values) list.push_back(to_json(value));
    return list;
  }
  json operator()(const ValueMap& values) const {
    auto object = json::object();
    for (const auto& [name, value] : values) object[name] = to_json(value);
    return object;
  }
};

json to_json(const Value& value) { return std::visit(ToJson{}, value.data); }

Fraction fraction_from(const json& parts) {
  const bool whole =
      parts.is_array() && parts.size() == 2 && parts[0].is_number_integer() && parts[1].is_number_integer();
  if (!whole || parts[1] <= 0 || parts[1] > std::numeric_limits<std::int64_t>::max() ||
      parts[0] > std::numeric_limits<std::int64_t>::max()) {
    damaged("it has a fraction that is none");
  }
  return {parts[0].get<std::int64_t>(), parts[1].get<std::int64_t>()};
}

double real_from(const json& word) {
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  damaged("it has a number that is none");
}

ValueMap map_from(const json& object);

Value value_from(const json& value) {
  switch (value.type()) {
    case json::value_t::boolean: return {value.get<bool>()};
    case json::value_t::number_integer: return {value.get<std::int64_t>()};
    case json::value_t::number_unsigned:
      if (value > std::numeric_limits<std::int64_t>::max()) return {value.get<double>()};
      return {value.get<std::int64_t>()};
    case json::value_t::number_float: return {value.get<double>()};
    case json::value_t::string: return {value.get<std::string>()};
    case json::value_t::array: {
      ValueList list;
      for (const auto& item : value) list.push_back(value_from(item));
      return {std::move(list)};
    }
    case json::value_t::object:
      if (value.size() == 1 && value.contains("fraction")) return {fraction_from(value["fraction"])};
      if (value.size() == 1 && value.contains("real")) return {real_from(value["real"])};
      if (value.size() == 1 && value.contains("opaque") && value["opaque"].is_string()) {
        return {Opaque{value["opaque"].get<std::string>()}};
      }
      return {map_from(value)};
    default: return {};
  }
}

ValueMap map_from(const json& object) {
  ValueMap values;
  for (const auto& [name, value] : object.items()) values.emplace(name, value_from(value));
  return values;
}

/// Looks at a text as it is parsed. (A callback of json::parse could, too, but that takes a time quadratic in
/// the number of members.)
class Check : public nlohmann::json_sax<json> {
 public:
  explicit Check(int deepest) : deepest_(deepest) {}

  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    if (!names_.back().insert(name).second) damaged("its JSON has a member twice");
    return true;
  }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(json::binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override { damaged("its JSON is broken"); }

 private:
  bool open() {
    if (static_cast<int>(names_.size()) >= deepest_) damaged("its JSON is nested too deeply");
    names_.emplace_back();
    return true;
  }
  bool close() {
    names_.pop_back();
    return true;
  }

  int deepest_;
  std::vector<std::set<std::string>> names_;  // of the objects and arrays that are open
};

}  // namespace

json parse_json(std::string_view text, int deepest) {
  Check check(deepest);
  json::sax_parse(text, &check);
  return json::parse(text);
}

std::string to_json_text(const ValueMap& arguments) {
  try {
    return ToJson{}(arguments).dump();
  } catch (const json::exception&) {
    throw Error(Error::Kind::invalid_argument, "an argument that is not UTF-8 cannot be written");
  }
}

ValueMap arguments_from_json(std::string_view text) {
  const auto arguments = parse_json(text, deepest_argument);
  if (!arguments.is_object()) damaged("its arguments are no JSON object");
  return map_from(arguments);
}

}  // namespace sfa::separation
