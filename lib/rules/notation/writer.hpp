// Values and terms as text. Private to lib/rules.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "numbers.hpp"
#include "sfa/rules/rule_set.hpp"

namespace sfa::rules {

[[nodiscard]] inline std::string written(int value) { return std::to_string(value); }
[[nodiscard]] inline std::string written(double value) { return shortest(value); }
[[nodiscard]] inline std::string written(Probability value) { return to_percent(value.value) + "%"; }
[[nodiscard]] inline std::string written(const Name& value) { return value.text; }
[[nodiscard]] std::string written(const std::string& value);  // in quotes where it is no word
[[nodiscard]] inline std::string written(const ClassName& value) { return written(value.text); }
[[nodiscard]] std::string written(const Weight& value);
[[nodiscard]] std::string written(const Comparison& value);
[[nodiscard]] std::string written(const Assignment& value);
[[nodiscard]] std::string written(const Sought& value);
[[nodiscard]] std::string written(const Mode& value);
template <typename Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] std::string written(Enum value) { return std::string(word(value)); }
template <typename Value>
[[nodiscard]] std::string written(const std::vector<Value>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ",") + written(value);
  return text;
}

/// What stands behind a term's name.
template <typename Term>
class TermWriter {
 public:
  explicit TermWriter(const Term& term) : term_(term) { Term::fields(*this); }
  [[nodiscard]] const std::string& text() const { return text_; }

  template <typename Value>
  void required(std::string_view, const Value Term::*member, Range) {
    text_ += blank_ + written(term_.*member);
    blank_ = " ";
  }
  template <typename Value>
  void optional(std::string_view name, const Value Term::*member, Range) {
    if (term_.*member == Term{}.*member) return;
    text_ += " " + std::string(name);
    if constexpr (!std::is_same_v<Value, bool>) text_ += " " + written(term_.*member);
  }
  template <typename Enum>
  void unit(std::string_view, const Enum Term::*member) {
    if (term_.*member != Term{}.*member) text_ += " " + written(term_.*member);
  }
  void rest(std::string_view, const std::vector<double> Term::*member, Range) {
    for (const double number : term_.*member) text_ += " " + written(number);
  }
  void colon() {
    text_ += ":";
    blank_.clear();
  }

 private:
  const Term& term_;
  std::string text_, blank_ = " ";
};

/// What stands behind a mode's name.
template <typename Kind>
class ArgumentWriter {
 public:
  explicit ArgumentWriter(const Kind& mode) : mode_(mode) { Kind::fields(*this); }
  [[nodiscard]] const std::string& text() const { return text_; }

  template <typename Value>
  void required(std::string_view, const Value Kind::*member, Range) {
    if constexpr (std::is_same_v<Value, std::string>)
      text_ += sign() + (mode_.*member);
    else
      text_ += sign() + written(mode_.*member);
  }
  template <typename Value>
  void optional(std::string_view name, const Value Kind::*member, Range) {
    if (mode_.*member == Kind{}.*member) return;
    text_ += sign() + std::string(name);
    if constexpr (!std::is_same_v<Value, bool>) text_ += "=" + written(mode_.*member);
  }
  template <typename Enum>
  void unit(std::string_view, const Enum Kind::*member) {
    if (mode_.*member != Kind{}.*member) text_ += sign() + written(mode_.*member);
  }

 private:
  [[nodiscard]] std::string sign() const { return text_.empty() ? ":" : "/"; }
  const Kind& mode_;
  std::string text_;
};

}  // namespace sfa::rules
