#include <utility>

#include "alternatives.hpp"
#include "mode_reader.hpp"
#include "reader.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/rules/euclid.hpp"
#include "writer.hpp"

namespace sfa::rules {
namespace {

/// Whether a mode has a flag of this name, which says yes by being there.
template <typename Kind>
struct HasFlag {
  std::string_view wanted;
  bool found = false;
  explicit HasFlag(std::string_view name) : wanted(name) { Kind::fields(*this); }
  template <typename Value>
  void required(std::string_view, Value Kind::*, Range) {}
  template <typename Value>
  void optional(std::string_view name, Value Kind::*, Range) {
    found |= std::is_same_v<Value, bool> && name == wanted;
  }
  template <typename Value>
  void unit(std::string_view, Value Kind::*) {}
};

/// Gives one argument, "3" or "rotation=3", to the field it belongs to: the `place`-th, or the one so named.
template <typename Kind>
class Argument {
 public:
  Argument(Kind& mode, std::string_view text, std::size_t place, const std::string& where, std::size_t column)
      : mode_(mode), text_(text), place_(place), is_flag_(HasFlag<Kind>(text).found), where_(where), column_(column) {
    Kind::fields(*this);
  }

  [[nodiscard]] bool taken() const { return taken_; }

  template <typename Value>
  void required(std::string_view name, Value Kind::*member, Range range) {
    take(name, member, range);
  }
  template <typename Value>
  void optional(std::string_view name, Value Kind::*member, Range range) {
    take(name, member, range);
  }
  template <typename Enum>
  void unit(std::string_view name, Enum Kind::*member) {
    take(name, member, Range{});
  }

 private:
  template <typename Value>
  void take(std::string_view name, Value Kind::*member, Range range) {
    const bool named = text_.size() > name.size() && text_.starts_with(name) && text_[name.size()] == '=';
    const bool mine = named || (index_ == place_ && !is_flag_ && text_.find('=') == std::string_view::npos);
    ++index_;
    if constexpr (std::is_same_v<Value, bool>) {
      if (text_ != name) return;
      mode_.*member = taken_ = true;
    } else {
      if (!mine || taken_) return;
      const std::size_t skipped = named ? name.size() + 1 : 0;
      Reader reader(text_.substr(skipped), where_, {}, column_ + skipped);
      reader.read(mode_.*member, range);
      if (!reader.at_end()) reader.fail("/ or the end");
      taken_ = true;
    }
  }

  Kind& mode_;
  std::string_view text_;
  std::size_t place_, index_ = 0;
  bool is_flag_;
  const std::string& where_;
  std::size_t column_;
  bool taken_ = false;
};

/// How many fields must be there, and all of them for messages.
struct Signature {
  std::size_t needed = 0;
  std::string text;
  template <typename Value>
  void required(std::string_view name, Value, Range) {
    ++needed;
    add(std::string(name));
  }
  template <typename Value>
  void optional(std::string_view name, Value, Range) {
    add("[" + std::string(name) + "]");
  }
  template <typename Value>
  void unit(std::string_view name, Value) {
    add("[" + std::string(name) + "]");
  }
  void add(const std::string& field) { text += (text.empty() ? ":" : "/") + field; }
};

template <typename Kind>
Signature signature() {
  Signature result;
  Kind::fields(result);
  return result;
}

template <typename Kind>
Kind read_arguments(std::string_view text, const std::string& where, std::size_t column) {
  Kind mode;
  const auto wanted = signature<Kind>();
  const std::string usage = std::string(Kind::name) + wanted.text;
  std::size_t begin = Kind::name.size(), place = 0;
  while (begin < text.size()) {
    ++begin;  // the colon or a slash
    std::size_t end = std::is_same_v<Kind, StepPattern> ? text.size() : std::min(text.find('/', begin), text.size());
    const auto argument = text.substr(begin, end - begin);
    const std::size_t at = column + begin;
    if constexpr (std::is_same_v<Kind, StepPattern>) {
      mode.steps = argument;
    } else if (argument.empty() || !Argument<Kind>(mode, argument, place, where, at).taken()) {
      Reader(text.substr(begin), where, {}, at).fail(usage);
    }
    ++place;
    begin = end;
  }
  if (place < wanted.needed) Reader({}, where, {}, column + text.size()).fail(usage);
  return mode;
}

struct Written {
  template <typename Kind>
  std::string operator()(const Kind& mode) const {
    ArgumentWriter<Kind> writer(mode);
    return std::string(Kind::name) + writer.text();
  }
};

}  // namespace

Mode read_mode(std::string_view text, const std::string& where, std::size_t column) {
  const auto name = text.substr(0, text.find(':'));
  std::optional<Mode> mode;
  for_each_alternative<Mode>([&](auto kind) {
    using Kind = decltype(kind);
    if (name == Kind::name) mode = read_arguments<Kind>(text, where, column);
  });
  if (!mode) Reader(name, where, {}, column).fail("a mode (" + listed(mode_names()) + ")");
  try {
    check_mode(*mode);
  } catch (const Error& error) {
    throw Error(error.kind, where + "column " + std::to_string(column + name.size() + 2) + ": " + error.what());
  }
  return *mode;
}

Mode parse_mode(std::string_view text) { return read_mode(text, "mode \"" + std::string(text) + "\", ", 0); }

std::string to_text(const Mode& mode) { return std::visit(Written{}, mode); }

Choice parse_choice(std::string_view text) {
  if (const auto choice = from_word<Choice>(text)) return *choice;
  throw Error(Error::Kind::invalid_argument,
              "choice \"" + std::string(text) + "\": expected " + listed(names(Choice{})));
}

}  // namespace sfa::rules
