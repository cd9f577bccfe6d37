#include "rule_source.hpp"

#include <algorithm>
#include <charconv>

#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_rules.hpp"
#include "sfa/io/slice_facts.hpp"

namespace sfa::seq {
namespace {

void add_variable(rules::RuleSet& set, const std::string& text) {
  const auto equals = text.find('=');
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const bool good = equals != std::string::npos && rules::is_name(text.substr(0, equals)) &&
                    std::from_chars(text.data() + equals + 1, end, value).ptr == end && equals + 1 < text.size() &&
                    value >= -1e9 && value <= 1e9;
  if (!good) throw tool::UsageError("--set " + text + ": expected NAME=NUMBER");
  set.variables[text.substr(0, equals)] = value;
}

/// As in the notation of lines, whose parser reads it.
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

rules::Voice voice_of(const Options& options, const std::vector<std::string>& classes) {
  rules::Voice voice;
  voice.name.text = "v1";
  if (!options.mode.empty()) voice.mode = rules::parse_mode(options.mode);
  if (!options.choice.empty()) voice.choice = rules::parse_choice(options.choice);
  for (const auto& name : options.only) {
    if (std::ranges::find(classes, name) == classes.end())
      throw tool::UsageError("--only: no class \"" + name + "\"");
    voice.only.push_back({name});
  }
  if (!options.weights.empty())
    voice.weights = rules::parse_rules("voice v1 weights " + joined(options.weights)).voices.front().weights;
  voice.steps_per_beat = options.steps_per_beat.value_or(voice.steps_per_beat);
  voice.length = options.length.value_or(voice.length);
  if (options.swing_percent) voice.swing = *options.swing_percent / 100.0;
  voice.shift = options.shift.value_or(voice.shift);
  voice.humanize = options.humanize.value_or(voice.humanize);
  voice.gate = options.gate_steps.value_or(voice.gate);
  return voice;
}

void add_options(const Options& options, const std::vector<std::string>& classes, rules::RuleSet& set) {
  std::size_t count = set.rules.size();
  for (const auto& voice : set.voices) count += voice.rules.size();
  for (const auto& text : options.rules) {
    auto& rule = set.rules.emplace_back(rules::parse_rule(text, classes));
    if (rule.id.empty()) rule.id = "r" + std::to_string(count + 1);
    ++count;
  }
  for (const auto& text : options.variables) add_variable(set, text);
  if (!options.scene.empty()) set.scene.text = options.scene;
  if (options.tempo) set.bpm = options.tempo;
  if (!options.meter.empty()) set.meter = rules::parse_meter(options.meter);
}

/// What the library refuses of the options is a mistake on the command line.
template <typename Work>
auto as_usage(Work work) {
  try {
    return work();
  } catch (const Error& error) {
    throw tool::UsageError(error.what());
  }
}

}  // namespace

RuleSource read_rules(const Options& options, bool default_voice) {
  const auto classes = io::class_names();
  RuleSource source;
  if (!options.rules_file.empty()) {
    source.text = io::read_document(options.rules_file);
    source.set = io::about(options.rules_file, [&] { return io::rules_from_text(source.text, classes); });
  }
  return as_usage([&] {
    const std::string option = options.voice_option();
    if (!option.empty() && !source.set.voices.empty())
      throw tool::UsageError(option + ": the rules have voices, which say this themselves");
    if (source.set.voices.empty() && (default_voice || !option.empty()))
      source.set.voices.push_back(voice_of(options, classes));
    add_options(options, classes, source.set);
    rules::number_rules(source.set);
    rules::check(source.set, classes);
    return source;
  });
}

}  // namespace sfa::seq
