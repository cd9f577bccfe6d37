#include "json_position.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace sfa::io::json {
namespace {

/// Goes over JSON that is known to be sound.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { blanks(); }

  [[nodiscard]] std::size_t at() const { return at_; }

  /// From the begin of an object to the value of a member.
  bool enter(std::string_view wanted) {
    if (text_[at_] != '{') return false;
    ++at_;
    for (blanks(); text_[at_] != '}'; blanks()) {
      const std::size_t begin = at_;
      string();
      const std::string name = nlohmann::json::parse(text_.substr(begin, at_ - begin));
      blanks();
      ++at_;  // the colon
      blanks();
      if (name == wanted) return true;
      value();
      blanks();
      if (text_[at_] == ',') ++at_;
    }
    return false;
  }

  /// From the begin of an array to an entry.
  bool enter(std::size_t index) {
    if (text_[at_] != '[') return false;
    ++at_;
    for (blanks(); text_[at_] != ']'; blanks()) {
      if (index-- == 0) return true;
      value();
      blanks();
      if (text_[at_] == ',') ++at_;
    }
    return false;
  }

 private:
  void blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size() - 1); }

  void string() {
    for (++at_; text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }

  void value() {
    int depth = 0;
    do {
      blanks();
      const char c = text_[at_];
      if (c == '"') {
        string();
        continue;
      }
      depth += (c == '{' || c == '[') ? 1 : (c == '}' || c == ']') ? -1 : 0;
      const bool plain = std::string_view("{}[],:").find(c) == std::string_view::npos;
      at_ = plain ? std::min(text_.find_first_of(" \t\r\n{}[],:", at_), text_.size() - 1) : at_ + 1;
    } while (depth > 0);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Where the value at the path begins, as far as there is one.
std::size_t offset(std::string_view text, std::string_view path) {
  Scanner scanner(text);
  std::size_t found = scanner.at();
  while (!path.empty()) {
    bool inside = false;
    if (path.front() == '[') {
      const std::size_t end = std::min(path.find(']'), path.size() - 1);
      std::size_t index = 0;
      std::from_chars(path.data() + 1, path.data() + end, index);
      inside = scanner.enter(index);
      path.remove_prefix(end + 1);
    } else {
      const auto name = path.substr(0, path.find_first_of(".["));
      inside = scanner.enter(name);
      path.remove_prefix(name.size());
    }
    if (!inside) break;
    found = scanner.at();
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return found;
}

}  // namespace

std::string position(std::string_view text, std::string_view path) {
  const bool is_path = !path.empty() && path.find(' ') == std::string_view::npos;
  if (!is_path || text.empty()) return {};
  const auto before = text.substr(0, offset(text, path));
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto of_line = before.substr(before.find_last_of('\n') + 1);
  const auto column =
      std::ranges::count_if(of_line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
}

}  // namespace sfa::io::json
