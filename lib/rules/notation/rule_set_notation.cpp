#include <algorithm>
#include <optional>

#include "rule_parser.hpp"
#include "sfa/audio/error.hpp"
#include "writer.hpp"

namespace sfa::rules {
namespace {

/// The line without what stands behind a # that is not in quotes and has a blank, or nothing, before it.
std::string_view without_comment(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == '#' && !quoted && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
      return line.substr(0, i);
  }
  return line;
}

class SetParser {
 public:
  explicit SetParser(std::span<const std::string> class_names) : class_names_(class_names) {}

  void line(std::string_view text) {
    ++number_;
    Reader reader(without_comment(text), "line " + std::to_string(number_) + ", ", class_names_);
    if (reader.at_end()) return;
    if (reader.accept("tempo"))
      reader.read(set.bpm.emplace(), Range{10, 1000});
    else if (reader.accept("meter"))
      meter(reader);
    else if (reader.accept("start"))
      reader.read(set.scene, Range{});
    else if (reader.accept("let"))
      variable(reader);
    else if (reader.accept("voice"))
      voice(reader);
    else
      return rule(reader);
    if (!reader.at_end()) reader.fail("the end of the line");
  }

  RuleSet set;

 private:
  void meter(Reader& reader) {
    const Reader before = reader;
    std::string text;
    reader.read(text, Range{});
    try {
      set.meter = parse_meter(text);
    } catch (const Error&) {
      before.fail("N/D with N from 1 to 64 and D a power of two up to 64");
    }
  }

  void variable(Reader& reader) {
    const Reader before = reader;
    Name name;
    reader.read(name, Range{});
    if (set.variables.contains(name.text)) before.fail("a variable that is not there yet");
    reader.expect("=");
    reader.read(set.variables[name.text], Range{});
  }

  void voice(Reader& reader) {
    const Reader before = reader;
    Voice& voice = set.voices.emplace_back();
    reader.read(voice.name, Range{});
    for (const Voice& other : set.voices)
      if (&other != &voice && other.name == voice.name) before.fail("a name that no voice has yet");
    TermReader options(reader, voice);
    if (!reader.at_end()) reader.fail("an option of a voice (" + listed(option_names()) + ")");
  }

  void rule(Reader& reader) {
    (set.voices.empty() ? set.rules : set.voices.back().rules).push_back(read_rule(reader));
  }

  struct Names {
    std::vector<std::string_view> all;
    template <typename Value>
    void optional(std::string_view name, Value, Range) {
      all.push_back(name);
    }
  };
  static std::vector<std::string_view> option_names() {
    Names names;
    Voice::fields(names);
    return names.all;
  }

  std::span<const std::string> class_names_;
  int number_ = 0;
};

std::string line_of(Rule rule, std::size_t number) {
  if (rule.enabled && rule.id == "r" + std::to_string(number)) rule.id.clear();
  return to_text(rule) + "\n";
}

}  // namespace

RuleSet parse_rules(std::string_view text, std::span<const std::string> class_names) {
  SetParser parser(class_names);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    parser.line(text.substr(begin, end - begin));
    begin = end + 1;
  }
  number_rules(parser.set);
  check(parser.set, class_names);
  return std::move(parser.set);
}

std::string to_text(const RuleSet& set) {
  std::string text;
  if (set.bpm) text += "tempo " + written(*set.bpm) + "\n";
  if (set.meter)
    text += "meter " + std::to_string(set.meter->numerator) + "/" + std::to_string(set.meter->denominator) + "\n";
  if (!set.scene.text.empty()) text += "start " + set.scene.text + "\n";
  for (const auto& [name, value] : set.variables) text += "let " + name + " = " + written(value) + "\n";
  std::size_t number = 0;
  for (const Rule& rule : set.rules) text += line_of(rule, ++number);
  for (const Voice& voice : set.voices) {
    if (!text.empty()) text += "\n";
    text += "voice " + voice.name.text + TermWriter(voice).text() + "\n";
    for (const Rule& rule : voice.rules) text += line_of(rule, ++number);
  }
  return text;
}

}  // namespace sfa::rules
