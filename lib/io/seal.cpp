#include "seal.hpp"

#include <algorithm>

#include "sha256.hpp"

namespace sfa::io {
namespace {

constexpr std::size_t digits = 16;

/// Where the value of "made_by" begins; npos if there is none.
std::size_t made_by_value(std::string_view document) {
  for (const std::string_view member : {"\"made_by\": \"", "\"made_by\":\""})
    if (const auto at = document.find(member); at != std::string_view::npos) return at + member.size();
  return std::string_view::npos;
}

std::string digest(std::string_view before, std::string_view after) {
  Sha256 hash;
  hash.update(before);
  hash.update(after);
  return hash.hex().substr(0, digits);
}

bool seal_holds(std::string_view document) {
  const auto value = made_by_value(document);
  if (value == std::string_view::npos) return true;
  const auto end = document.find('"', value);
  if (end == std::string_view::npos || end - value <= digits) return true;
  const auto begin = end - digits - 1;
  if (seal_length(document.substr(begin)) == 0) return true;
  return document.substr(begin + 1, digits) == digest(document.substr(0, begin), document.substr(end));
}

}  // namespace

std::string sealed(std::string document, std::string_view recipe) {
  const auto value = made_by_value(document);
  if (value == std::string::npos) return document;
  const auto end = value + recipe.size();
  const auto seal = digest(std::string_view(document).substr(0, end), std::string_view(document).substr(end));
  return document.insert(end, " " + seal);
}

std::size_t seal_length(std::string_view text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const bool sealed = text.size() > digits + 1 && text[0] == ' ' && text[digits + 1] == '"' &&
                      std::ranges::all_of(text.substr(1, digits), is_hex);
  return sealed ? digits + 1 : 0;
}

bool seals_hold(std::string_view text) {
  const bool lines = text.size() > 1 && text[1] != '\n';
  while (lines && !text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    if (!seal_holds(text.substr(0, end + 1))) return false;
    text.remove_prefix(end + 1);
  }
  return lines || seal_holds(text);
}

}  // namespace sfa::io
