// What conditions, actions, modes and voices are made of, told once. Each has a static function
//
//   template <typename Field> static void fields(Field& field) {
//     field.required("hits", &Ratchet::hits, Range{2, 32});
//     field.optional("decay", &Ratchet::decay, Range{0.0, 1.0});
//   }
//
// that shows its members to a visitor: the readers and the writers of both notations and the check of
// bounds are such visitors, so that none of them has a list of its own. A visitor knows
//
//   required(name, member, range)  stands behind the name, in this order
//   optional(name, member, range)  "decay 0.7"; left out where it is as in a new object
//   unit(name, member)             one of some words, and nothing before it: "every 4 bars"
//   rest(name, member, range)      numbers up to the end
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sfa::rules {

/// Bounds of a number, or of each number in a list, both included; of a list's length, too.
struct Range {
  double min = -1e9, max = 1e9;
  std::size_t most = 64;  // entries of a list
};

/// 0 to 1; people write 30%.
struct Probability {
  double value = 1.0;
  friend bool operator==(Probability, Probability) = default;
};

/// What people call a voice, rule, scene or variable: 1 to 64 letters, digits, '_', '-' or '.'; letters
/// are those of ASCII and all that is beyond it.
struct Name {
  std::string text;
  friend bool operator==(const Name&, const Name&) = default;
};

/// A slice's class, or a group of them.
struct ClassName {
  std::string text;
  friend bool operator==(const ClassName&, const ClassName&) = default;
};

[[nodiscard]] bool is_name(std::string_view text);

/// The words of an enumeration, in the order of its values, found through an overload of names() beside it.
template <typename Enum>
[[nodiscard]] constexpr std::string_view word(Enum value) {
  return names(value)[static_cast<std::size_t>(value)];
}

template <typename Enum>
[[nodiscard]] constexpr std::optional<Enum> from_word(std::string_view text) {
  const auto all = names(Enum{});
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

/// "order, random or no-repeat": for messages.
template <typename Words>
[[nodiscard]] std::string listed(const Words& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 < words.size() ? ", " : " or ";
    text += words[i];
  }
  return text;
}

}  // namespace sfa::rules
