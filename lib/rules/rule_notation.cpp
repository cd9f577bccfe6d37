#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include "sfa/audio/error.hpp"
#include "sfa/rules/rule.hpp"

namespace sfa::rules {
namespace {

constexpr std::string_view separators = " \t:,@%";

struct Token {
  std::string_view text;  // empty at the end
  std::size_t offset = 0;
};

/// Recursive descent over the grammar in rule.hpp, with one token in view.
class Parser {
 public:
  Parser(std::string_view text, std::span<const std::string> class_names) : text_(text), class_names_(class_names) {
    advance();
  }

  Rule rule() {
    Rule rule{.text = std::string(text_), .conditions = {}, .actions = {}};
    for (bool first = true; first || !accept(":"); first = false) {
      const bool another = first || accept("and");
      if (auto condition = this->condition(another)) rule.conditions.push_back(std::move(*condition));
    }
    do {
      rule.actions.push_back(action());
    } while (accept(","));
    if (!token_.text.empty()) fail("\",\" or the end");
    return rule;
  }

 private:
  /// None for "always". `wanted`: nothing else may stand here.
  std::optional<Condition> condition(bool wanted) {
    if (accept("always")) return std::nullopt;
    if (accept("every")) return every();
    if (accept("beat")) return OnBeat{whole(1, 64)};
    if (accept("class")) return OfClass{class_name()};
    if (accept("louder")) return Louder{number(-120.0, 0.0)};
    if (accept("quieter")) return Quieter{number(-120.0, 0.0)};
    if (accept_chance()) return Chance{percentage()};
    fail(wanted ? "a condition (every, beat, class, louder, quieter, always or @)" : "\":\", \"and\" or a condition");
  }

  Every every() {
    Every result{.count = whole(1, 9999)};
    if (accept("beats"))
      result.unit = Every::Unit::beats;
    else if (accept("bars"))
      result.unit = Every::Unit::bars;
    else
      (void)accept("events");
    return result;
  }

  Action action() {
    Action result{.change = change()};
    if (accept_chance()) result.probability = percentage();
    return result;
  }

  Change change() {
    if (accept("skip")) return Skip{};
    if (accept("reverse")) return Reverse{};
    if (accept("pitch")) return Pitch{number(-48.0, 48.0)};
    if (accept("ratchet")) return Ratchet{whole(2, 32)};
    if (accept("velocity")) return Velocity{number(0.0, 1.0)};
    if (accept("pan")) return Pan{number(-1.0, 1.0)};
    fail("an action (skip, reverse, pitch, ratchet, velocity or pan)");
  }

  bool accept_chance() { return accept("@") || accept("probability"); }

  double percentage() {
    const double percent = number(0.0, 100.0);
    if (!accept("%")) fail("\"%\"");
    return percent / 100.0;
  }

  std::string class_name() {
    std::string known;
    for (const std::string& name : class_names_) {
      if (accept(name)) return name;
      known += (known.empty() ? "" : ", ") + name;
    }
    if (!class_names_.empty()) fail("a class (" + known + ")");
    if (token_.text.empty() || separators.find(token_.text.front()) != std::string_view::npos) fail("a class");
    std::string name(token_.text);
    advance();
    return name;
  }

  int whole(int min, int max) {
    return parsed(min, max, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }

  double number(double min, double max) {
    const auto shown = [](double value) { return std::to_string(std::lround(value)); };
    return parsed(min, max, "a number from " + shown(min) + " to " + shown(max));
  }

  template <typename Number>
  Number parsed(Number min, Number max, const std::string& expected) {
    std::string_view digits = token_.text;
    if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
    Number result{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    const bool read = !digits.empty() && error == std::errc() && end == digits.data() + digits.size();
    if (!read || !(result >= min && result <= max)) fail(expected);
    advance();
    return result;
  }

  [[nodiscard]] bool at(std::string_view word) const { return token_.text == word; }

  bool accept(std::string_view word) {
    if (!at(word)) return false;
    advance();
    return true;
  }

  void advance() {
    const std::size_t after = token_.offset + token_.text.size();
    const std::size_t begin = std::min(text_.find_first_not_of(" \t", after), text_.size());
    std::size_t end = std::min(text_.find_first_of(separators, begin), text_.size());
    if (end == begin && begin < text_.size()) ++end;  // a sign is a token of its own
    token_ = {text_.substr(begin, end - begin), begin};
  }

  [[noreturn]] void fail(const std::string& expected) const {
    std::size_t column = 1;
    for (const char c : text_.substr(0, token_.offset)) column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    const std::string found = token_.text.empty() ? "the end" : "\"" + std::string(token_.text) + "\"";
    throw Error(Error::Kind::invalid_argument, "rule \"" + std::string(text_) + "\", column " + std::to_string(column) +
                                                   ": expected " + expected + ", found " + found);
  }

  std::string_view text_;
  std::span<const std::string> class_names_;
  Token token_;
};

}  // namespace

Rule parse_rule(std::string_view text, std::span<const std::string> class_names) {
  return Parser(text, class_names).rule();
}

}  // namespace sfa::rules
