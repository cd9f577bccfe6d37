#include "reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "mode_reader.hpp"
#include "numbers.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::rules {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view no_word = " \t\r\":,@%()[]=<>!";

bool begins_assignment(std::string_view text) {
  return text.size() > 1 && text[1] == '=' && (text[0] == '+' || text[0] == '-' || text[0] == '*');
}

}  // namespace

Reader::Reader(std::string_view text, std::string where, std::span<const std::string> class_names, std::size_t column)
    : text_(text), where_(std::move(where)), class_names_(class_names), column_(column) {
  lex(0);
}

void Reader::advance() { lex(token_.offset + token_.length); }

void Reader::lex(std::size_t from) {
  const std::size_t begin = std::min(text_.find_first_not_of(blanks, from), text_.size());
  if (begin < text_.size() && text_[begin] == '"') {
    std::size_t end = begin + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) {
      token_ = {{}, text_.size(), 0, false};
      fail("a closing \"");
    }
    token_ = {text_.substr(begin + 1, end - begin - 1), begin, end + 1 - begin, true};
    return;
  }
  std::size_t end = begin;
  while (end < text_.size() && no_word.find(text_[end]) == std::string_view::npos &&
         !begins_assignment(text_.substr(end)))
    ++end;
  if (end == begin && begin < text_.size()) {  // a sign is a token of its own
    const auto rest = text_.substr(begin);
    const bool two = begins_assignment(rest) || rest.starts_with("!=") || rest.starts_with("<=") ||
                     rest.starts_with(">=") || rest.starts_with("==");
    end = begin + (two ? 2 : 1);
  }
  token_ = {text_.substr(begin, end - begin), begin, end - begin, false};
}

bool Reader::accept(std::string_view word) {
  if (!at(word)) return false;
  advance();
  return true;
}

void Reader::expect(std::string_view sign) {
  if (!accept(sign)) fail("\"" + std::string(sign) + "\"");
}

std::size_t Reader::column(std::size_t offset) const {
  std::size_t result = column_ + 1;
  for (const char c : text_.substr(0, offset)) result += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return result;
}

void Reader::fail(const std::string& expected) const {
  const std::string found = at_end() ? "the end" : "\"" + std::string(token_.text) + "\"";
  throw Error(Error::Kind::invalid_argument, where_ + "column " + std::to_string(column(token_.offset)) +
                                                 ": expected " + expected + ", found " + found);
}

template <typename Number>
Number Reader::parsed(std::string_view digits, Range range, const std::string& expected) const {
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  Number result{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
  const bool read = !token_.quoted && !digits.empty() && error == std::errc() && end == digits.data() + digits.size();
  const auto number = static_cast<double>(result);
  if (!read || !(number >= range.min && number <= range.max)) fail(expected);
  return result;
}

void Reader::read(int& value, Range range) {
  value =
      parsed<int>(token_.text, range, "a whole number from " + shortest(range.min) + " to " + shortest(range.max));
  advance();
}

void Reader::read(double& value, Range range) {
  value = parsed<double>(token_.text, range, "a number from " + shortest(range.min) + " to " + shortest(range.max));
  advance();
}

bool Reader::at_number() const {
  double number = 0.0;
  const auto* last = token_.text.data() + token_.text.size();
  const auto [end, error] = std::from_chars(token_.text.data() + token_.text.starts_with('+'), last, number);
  return !token_.quoted && error == std::errc() && end == last;
}

Probability Reader::percentage() {
  const std::string expected = "a number from 0 to 100";
  const double percent = parsed<double>(token_.text, {0.0, 100.0}, expected);
  const double value = from_percent(token_.text);
  advance();
  expect("%");
  return {percent > 0.0 ? std::min(value, 1.0) : 0.0};
}

void Reader::read(Probability& value, Range) {
  Reader ahead = *this;
  ahead.advance();
  if (ahead.at("%")) {
    value = percentage();
    return;
  }
  value.value = parsed<double>(token_.text, {0.0, 1.0}, "a number from 0 to 1, or a percentage");
  advance();
}

void Reader::read(Name& value, Range) {
  if (token_.quoted || !is_name(token_.text)) fail("a name");
  value.text = token_.text;
  advance();
}

void Reader::read(ClassName& value, Range) {
  const bool known = class_names_.empty() || std::ranges::find(class_names_, token_.text) != class_names_.end();
  if (!known) fail("a class (" + listed(class_names_) + ")");
  if (!token_.quoted && (at_end() || no_word.find(token_.text.front()) != std::string_view::npos)) fail("a class");
  read(value.text, Range{});
}

std::string Reader::unquoted() const {
  std::string result;
  for (std::size_t i = 0; i < token_.text.size(); ++i) {
    char c = token_.text[i];
    if (c == '\\' && ++i < token_.text.size()) {
      c = token_.text[i];
      c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    }
    result += c;
  }
  return result;
}

void Reader::read(std::string& value, Range) {
  if (!token_.quoted && (at_end() || no_word.find(token_.text.front()) != std::string_view::npos))
    fail("a word or a text in quotes");
  value = token_.quoted ? unquoted() : std::string(token_.text);
  advance();
}

void Reader::read(Weight& value, Range range) {
  const auto star = token_.text.rfind('*');
  const auto what = token_.text.substr(0, star);
  if (star == std::string_view::npos || token_.quoted || !is_name(what))
    fail("a class or a slice's id, * and a weight, as in kick*4");
  value.what = what;
  value.weight = parsed<double>(token_.text.substr(star + 1), range,
                                "a weight from " + shortest(range.min) + " to " + shortest(range.max));
  advance();
}

void Reader::read(Comparison& value, Range range) {
  value = {};
  for (const auto sign : names(Operator{}))
    if (accept(sign)) value.op = *from_word<Operator>(sign);
  (void)accept("==");
  if (value.op != Operator::within) {
    if (!at_number()) fail("a number, behind one of =, !=, <, <=, >, >= or nothing, or \"in\" and a range");
    return read(value.value, range);
  }
  const std::string expected = "a range such as 2..3";
  const auto dots = token_.text.find("..");
  if (dots == std::string_view::npos) fail(expected);
  value.value = parsed<double>(token_.text.substr(0, dots), range, expected);
  value.high = parsed<double>(token_.text.substr(dots + 2), range, expected);
  if (value.high < value.value) fail("a range whose end is not below its begin");
  advance();
}

void Reader::read(Assignment& value, Range range) {
  const auto how = from_word<Assignment::How>(token_.text);
  if (!how) fail("=, +=, -= or *=");
  value.how = *how;
  advance();
  read(value.value, range);
}

void Reader::read(Sought& value, Range) {
  read(value.kind, Range{});
  if (value.kind == Sought::Kind::slice) read(value.slice, Range{0, 1e9});
  if (value.kind == Sought::Kind::of_class) {
    ClassName name;
    read(name, Range{});
    value.name = name.text;
  }
  if (value.kind == Sought::Kind::rule) {
    Name name;
    read(name, Range{});
    value.name = name.text;
  }
}

void Reader::read(Mode& value, Range) {
  if (token_.quoted) {
    const std::string text = unquoted();
    value = read_mode(text, where_, column(token_.offset));
    return advance();
  }
  const std::size_t end = std::min(text_.find_first_of(blanks, token_.offset), text_.size());
  value = read_mode(text_.substr(token_.offset, end - token_.offset), where_, column(token_.offset) - 1);
  lex(end);
}

}  // namespace sfa::rules
