#include "writer.hpp"

namespace sfa::rules {
namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      result += {'\\', c};
    else if (c == '\n')
      result += "\\n";
    else if (c == '\r')
      result += "\\r";
    else
      result += c;
  }
  return result + '"';
}

}  // namespace

std::string written(const std::string& value) {
  const auto sign = [](char c) {
    return std::string_view(" \t\r\n\":,@%()[]=<>!*+#\\").find(c) != std::string_view::npos;
  };
  bool word = !value.empty();
  for (const char c : value) word &= !sign(c);
  return word ? value : quoted(value);
}

std::string written(const Weight& value) { return value.what + "*" + written(value.weight); }

std::string written(const Comparison& value) {
  if (value.op == Operator::within) return "in " + written(value.value) + ".." + written(value.high);
  return (value.op == Operator::equal ? "" : std::string(word(value.op)) + " ") + written(value.value);
}

std::string written(const Assignment& value) { return std::string(word(value.how)) + " " + written(value.value); }

std::string written(const Sought& value) {
  const std::string kind(word(value.kind));
  if (value.kind == Sought::Kind::any) return kind;
  return kind + " " + (value.kind == Sought::Kind::slice ? written(value.slice) : written(value.name));
}

std::string written(const Mode& value) {
  const std::string text = to_text(value);
  return text.find_first_of(" \t\r\n\"\\#") == std::string::npos ? text : quoted(text);
}

}  // namespace sfa::rules
