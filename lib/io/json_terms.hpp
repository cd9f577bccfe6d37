// The parts of rules in JSON: {"ratchet": {"hits": 3, "decay": 0.7}}, {"pitch": -5}, "reverse". Private to lib/io.
#pragma once
#include <string>
#include <vector>

#include "json_reader.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/rules/rule_set.hpp"

namespace sfa::io::json {

[[nodiscard]] inline Object written(int value) { return value; }
[[nodiscard]] inline Object written(bool value) { return value; }
[[nodiscard]] inline Object written(double value) { return value; }
[[nodiscard]] inline Object written(rules::Probability value) { return value.value; }
[[nodiscard]] inline Object written(const rules::Name& value) { return value.text; }
[[nodiscard]] inline Object written(const rules::ClassName& value) { return value.text; }
[[nodiscard]] inline Object written(const std::string& value) { return value; }
[[nodiscard]] inline Object written(const rules::Weight& value) {
  return {{"of", value.what}, {"weight", value.weight}};
}
[[nodiscard]] Object written(const rules::Mode& value);
template <typename Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] Object written(Enum value) { return std::string(rules::word(value)); }
template <typename Value>
[[nodiscard]] Object written(const std::vector<Value>& values) {
  Object list = Object::array();
  for (const Value& value : values) list.push_back(written(value));
  return list;
}

/// A term's members. One that must be there may stand alone in their place.
template <typename Term>
class TermWriter {
 public:
  explicit TermWriter(const Term& term) : term_(term) { Term::fields(*this); }

  [[nodiscard]] const Object& members() const { return members_; }
  [[nodiscard]] Object value() const { return members_.size() == 1 && alone_ ? members_.begin().value() : members_; }

  template <typename Value>
  void required(std::string_view name, const Value Term::*member, rules::Range) {
    const auto& value = term_.*member;
    if constexpr (std::is_same_v<Value, rules::Comparison>) {
      const bool range = value.op == rules::Operator::within;
      members_[std::string(rules::word(value.op))] = range ? Object{value.value, value.high} : Object(value.value);
      alone_ |= value.op == rules::Operator::equal;
    } else if constexpr (std::is_same_v<Value, rules::Assignment>) {
      members_[std::string(rules::word(value.how))] = value.value;
    } else if constexpr (std::is_same_v<Value, rules::Sought>) {
      if (value.kind == rules::Sought::Kind::slice)
        members_["slice"] = value.slice;
      else if (value.kind != rules::Sought::Kind::any)
        members_[std::string(rules::word(value.kind))] = value.name;
    } else {
      members_[std::string(name)] = written(value);
      alone_ = true;
    }
  }
  template <typename Value>
  void optional(std::string_view name, const Value Term::*member, rules::Range) {
    if (term_.*member != Term{}.*member) members_[std::string(name)] = written(term_.*member);
  }
  template <typename Enum>
  void unit(std::string_view name, const Enum Term::*member) {
    optional(name, member, {});
  }
  void rest(std::string_view name, const std::vector<double> Term::*member, rules::Range) {
    optional(name, member, {});
  }
  void colon() {}

 private:
  const Term& term_;
  Object members_ = Object::object();
  bool alone_ = false;
};

/// A value and where it stands, for messages.
struct Place {
  const Value& value;
  std::string path;

  [[noreturn]] void fail(const std::string& expected) const {
    throw Error(Error::Kind::invalid_data, path + ": must be " + expected);
  }
  [[nodiscard]] std::string text(const char* expected = "a string") const;
  [[nodiscard]] Place operator[](const std::string& name) const {
    return {value.at(name), path.empty() ? name : path + "." + name};
  }
  [[nodiscard]] Place operator[](std::size_t index) const {
    return {value.at(index), path + "[" + std::to_string(index) + "]"};
  }

  /// What `parse` makes of the string; what it complains of is told with the path.
  template <typename Parse>
  auto parsed(Parse parse) const {
    try {
      return parse(text());
    } catch (const Error& error) {
      throw Error(Error::Kind::invalid_data, path + ": " + error.what());
    }
  }
};

void read(const Place& place, int& value, rules::Range range);
void read(const Place& place, double& value, rules::Range range);
void read(const Place& place, bool& value, rules::Range range);
void read(const Place& place, rules::Probability& value, rules::Range range);
void read(const Place& place, rules::Name& value, rules::Range range);
void read(const Place& place, rules::ClassName& value, rules::Range range);
void read(const Place& place, std::string& value, rules::Range range);
void read(const Place& place, rules::Weight& value, rules::Range range);
void read(const Place& place, rules::Mode& value, rules::Range range);
template <typename Enum>
requires std::is_enum_v<Enum>
void read(const Place& place, Enum& value, rules::Range) {
  const std::string expected = rules::listed(names(Enum{}));
  const auto found = rules::from_word<Enum>(place.text(expected.c_str()));
  if (!found) place.fail(expected);
  value = *found;
}
template <typename Value>
void read(const Place& place, std::vector<Value>& values, rules::Range range) {
  if (!place.value.is_array() || place.value.size() > range.most)
    place.fail("an array of no more than " + std::to_string(range.most));
  values.clear();
  for (std::size_t i = 0; i < place.value.size(); ++i) read(place[i], values.emplace_back(), range);
}

/// The members of a term, and none besides.
template <typename Term>
class TermReader {
 public:
  /// `known` members are somebody else's.
  TermReader(const Place& place, Term& term, std::vector<std::string> known = {})
      : place_(place), term_(term), known_(std::move(known)) {
    if (!place.value.is_object()) {
      alone_ = true;
      place_count_ = 1;
    }
    Term::fields(*this);
    if (place_count_ > 0) place_.fail("an object");
    if (alone_) return;
    for (const auto& [name, value] : place_.value.items())
      if (std::ranges::find(known_, name) == known_.end())
        place_[name].fail("left out: here may stand " + rules::listed(known_));
  }

  template <typename Value>
  void required(std::string_view field, Value Term::*member, rules::Range range) {
    const std::string name(field);
    auto& value = term_.*member;
    if constexpr (std::is_same_v<Value, rules::Comparison>) {
      compare(value, range);
    } else if constexpr (std::is_same_v<Value, rules::Assignment>) {
      assign(value, range);
    } else if constexpr (std::is_same_v<Value, rules::Sought>) {
      seek(value);
    } else if (alone_) {
      if (place_count_-- == 1)
        read(place_, value, range);
      else
        place_.fail("an object");
    } else {
      known_.push_back(name);
      if (!place_.value.contains(name))
        throw Error(Error::Kind::invalid_data, place_.path + "." + name + ": is missing");
      read(place_[name], value, range);
    }
  }
  template <typename Value>
  void optional(std::string_view field, Value Term::*member, rules::Range range) {
    const std::string name(field);
    known_.push_back(name);
    if (!alone_ && place_.value.contains(name)) read(place_[name], term_.*member, range);
  }
  template <typename Enum>
  void unit(std::string_view name, Enum Term::*member) {
    optional(name, member, {});
  }
  void rest(std::string_view name, std::vector<double> Term::*member, rules::Range range) {
    optional(name, member, range);
  }
  void colon() {}

 private:
  void compare(rules::Comparison& value, rules::Range range) {
    if (alone_ && place_count_-- == 1) {
      if (place_.value.is_array()) return within(place_, value, range);
      return read(place_, value.value, range);
    }
    bool found = false;
    for (const auto sign : names(rules::Operator{})) {
      const std::string name(sign);
      known_.push_back(name);
      if (alone_ || !place_.value.contains(name)) continue;
      if (found) place_[name].fail("left out: there is another comparison");
      found = true;
      value.op = *rules::from_word<rules::Operator>(sign);
      value.op == rules::Operator::within ? within(place_[name], value, range)
                                          : read(place_[name], value.value, range);
    }
    if (!found) place_.fail("a number, or an object with one of " + rules::listed(names(rules::Operator{})));
  }
  static void within(const Place& place, rules::Comparison& value, rules::Range range) {
    if (!place.value.is_array() || place.value.size() != 2) place.fail("two numbers");
    value.op = rules::Operator::within;
    read(place[0], value.value, range);
    read(place[1], value.high, range);
    if (value.high < value.value) place.fail("two numbers, the second not below the first");
  }
  void assign(rules::Assignment& value, rules::Range range) {
    bool found = false;
    for (const auto sign : names(rules::Assignment::How{})) {
      const std::string name(sign);
      known_.push_back(name);
      if (alone_ || !place_.value.contains(name)) continue;
      if (found) place_[name].fail("left out: there is another assignment");
      found = true;
      value.how = *rules::from_word<rules::Assignment::How>(sign);
      read(place_[name], value.value, range);
    }
    if (!found) place_.fail("an object with one of " + rules::listed(names(rules::Assignment::How{})));
  }
  void seek(rules::Sought& value) {
    for (const auto kind : names(rules::Sought::Kind{})) {
      const std::string name(kind);
      if (name == "any") continue;
      known_.push_back(name);
      if (alone_ || !place_.value.contains(name)) continue;
      if (value.kind != rules::Sought::Kind::any) place_[name].fail("left out: something else is sought");
      value.kind = *rules::from_word<rules::Sought::Kind>(kind);
      if (value.kind == rules::Sought::Kind::slice)
        read(place_[name], value.slice, {0, 1e9});
      else
        value.name = place_[name].text();
    }
  }

  const Place& place_;
  Term& term_;
  std::vector<std::string> known_;
  bool alone_ = false;   // the value stands for the one required member
  int place_count_ = 0;  // that is still to be taken
};

}  // namespace sfa::io::json
