// One line of a notation as tokens and values. Private to lib/rules.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/rules/rule_set.hpp"

namespace sfa::rules {

class Reader {
 public:
  /// Complaints begin with `where` ("line 3, "), columns with `column` + 1.
  Reader(std::string_view text, std::string where, std::span<const std::string> class_names = {},
         std::size_t column = 0);

  [[nodiscard]] bool at_end() const { return token_.text.empty() && !token_.quoted; }
  [[nodiscard]] bool at(std::string_view word) const { return !token_.quoted && token_.text == word; }
  bool accept(std::string_view word);
  void expect(std::string_view sign);

  /// Each reads a value of its kind or fails.
  void read(int& value, Range range);
  void read(double& value, Range range);
  void read(Probability& value, Range range);  // 0.3 or 30%
  void read(Name& value, Range range);
  void read(ClassName& value, Range range);
  void read(std::string& value, Range range);  // a word, or anything in double quotes
  void read(Weight& value, Range range);       // kick*4
  void read(Comparison& value, Range range);
  void read(Assignment& value, Range range);
  void read(Sought& value, Range range);
  void read(Mode& value, Range range);  // up to the next blank, or in double quotes
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void read(Enum& value, Range) {
    const auto found = token_.quoted ? std::nullopt : from_word<Enum>(token_.text);
    if (!found) fail(listed(names(Enum{})));
    value = *found;
    advance();
  }
  template <typename Value>
  void read(std::vector<Value>& values, Range range) {
    values.clear();
    do {
      if (values.size() == range.most) fail("no more than " + std::to_string(range.most) + " entries");
      read(values.emplace_back(), range);
    } while (accept(","));
  }

  [[nodiscard]] bool at_number() const;
  Probability percentage();  // the % must be there

  [[noreturn]] void fail(const std::string& expected) const;

 private:
  struct Token {
    std::string_view text;  // of a quoted one without the quotes; empty at the end
    std::size_t offset = 0, length = 0;
    bool quoted = false;
  };

  void advance();
  void lex(std::size_t begin);
  template <typename Number>
  Number parsed(std::string_view digits, Range range, const std::string& expected) const;
  std::string unquoted() const;
  [[nodiscard]] std::size_t column(std::size_t offset) const;

  std::string_view text_;
  std::string where_;
  std::span<const std::string> class_names_;
  std::size_t column_;
  Token token_;
};

/// Reads what stands behind a term's name.
template <typename Term>
class TermReader {
 public:
  TermReader(Reader& reader, Term& term) : reader_(reader), term_(term) {
    Term::fields(*this);
    do {
      optional_ = true;
      found_ = false;
      Term::fields(*this);
    } while (found_);
  }

  template <typename Value>
  void required(std::string_view, Value Term::*member, Range range) {
    if (!optional_) reader_.read(term_.*member, range);
  }
  template <typename Value>
  void optional(std::string_view name, Value Term::*member, Range range) {
    if (!optional_ || !reader_.accept(name)) return;
    found_ = true;
    if constexpr (std::is_same_v<Value, bool>)
      term_.*member = true;
    else
      reader_.read(term_.*member, range);
  }
  template <typename Enum>
  void unit(std::string_view, Enum Term::*member) {
    if (optional_) return;
    for (const auto word : names(Enum{}))
      if (reader_.at(word)) return reader_.read(term_.*member, Range{});
  }
  void rest(std::string_view, std::vector<double> Term::*member, Range range) {
    while (!optional_ && reader_.at_number()) {
      if ((term_.*member).size() == range.most)
        reader_.fail("no more than " + std::to_string(range.most) + " numbers");
      reader_.read((term_.*member).emplace_back(), range);
    }
  }
  void colon() {
    if (!optional_) reader_.expect(":");
  }

 private:
  Reader& reader_;
  Term& term_;
  bool optional_ = false, found_ = false;
};

}  // namespace sfa::rules
