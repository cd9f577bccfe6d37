#include "sfa/io/json_rules.hpp"

#include <algorithm>

#include "json_position.hpp"
#include "json_terms.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::io {
namespace json {
namespace {

/// {"pitch": -5}, or "reverse" for a term without members.
template <typename Term>
Object named(std::string_view name, const Term& term) {
  const TermWriter writer(term);
  if (writer.members().empty()) return std::string(name);
  return {{std::string(name), writer.value()}};
}

Object written(const rules::Condition& condition);

Object written_all(const std::vector<rules::Condition>& conditions) {
  Object list = Object::array();
  for (const rules::Condition& condition : conditions) list.push_back(written(condition));
  return list;
}

struct WrittenCondition {
  Object operator()(const rules::All& all) const {
    return all.of.empty() ? Object("always") : Object{{"all", written_all(all.of)}};
  }
  Object operator()(const rules::Any& any) const { return {{"any", written_all(any.of)}}; }
  Object operator()(const rules::Not& is_not) const { return {{"not", written(is_not.of.front())}}; }
  Object operator()(const rules::Compare& compare) const { return named(rules::word(compare.quantity), compare); }
  Object operator()(const rules::Seen& seen) const { return {{"seen", TermWriter(seen).value()}}; }
  template <typename Term>
  Object operator()(const Term& term) const {
    return named(term.name, term);
  }
};

Object written(const rules::Condition& condition) { return std::visit(WrittenCondition{}, condition.test); }

Object written(const rules::Action& action) {
  Object result = std::visit([](const auto& term) { return named(term.name, term); }, action.change);
  if (action.probability == rules::Probability{}) return result;
  if (result.is_string()) result = {{result.get<std::string>(), Object::object()}};
  result["probability"] = action.probability.value;
  return result;
}

Object written(const rules::Rule& rule) {
  Object entry = {{"id", rule.id}};
  if (!rule.enabled) entry["enabled"] = false;
  if (rule.when != rules::Condition{}) entry["when"] = written(rule.when);
  if (rule.probability != rules::Probability{}) entry["probability"] = rule.probability.value;
  Object& actions = entry["do"] = Object::array();
  for (const rules::Action& action : rule.actions) actions.push_back(written(action));
  return entry;
}

template <typename Part>
Object listed(const std::vector<Part>& parts);

Object written(const rules::Voice& voice) {
  Object entry = {{"name", voice.name.text}};
  entry.update(TermWriter(voice).members());
  if (!voice.rules.empty()) entry["rules"] = listed(voice.rules);
  return entry;
}

template <typename Part>
Object listed(const std::vector<Part>& parts) {
  Object list = Object::array();
  for (const Part& part : parts) list.push_back(written(part));
  return list;
}

/// The first alternative of `Variant` with this name, from the members in `place`.
template <typename Variant, std::size_t I = 0>
std::optional<Variant> read_named(const std::string& name, const Place& place) {
  if constexpr (I == std::variant_size_v<Variant>) {
    return std::nullopt;
  } else {
    using Term = std::variant_alternative_t<I, Variant>;
    if constexpr (requires { Term::name; }) {
      if (name == Term::name) {
        Term term;
        TermReader<Term>(place, term);
        return Variant(std::move(term));
      }
    }
    return read_named<Variant, I + 1>(name, place);
  }
}

class RulesReader {
 public:
  explicit RulesReader(std::span<const std::string> class_names) : classes_(class_names) {}

  rules::Rule rule(const Place& place) const {
    if (place.value.is_string())
      return place.parsed([&](const auto& text) { return rules::parse_rule(text, classes_); });
    only(place, {"id", "enabled", "when", "probability", "do"});
    rules::Rule rule;
    if (place.value.contains("id")) {
      rules::Name id;
      read(place["id"], id, {});
      rule.id = id.text;
    }
    if (place.value.contains("enabled")) read(place["enabled"], rule.enabled, {});
    if (place.value.contains("when")) rule.when = condition(place["when"], 0);
    if (place.value.contains("probability")) read(place["probability"], rule.probability, {});
    if (!place.value.contains("do")) throw Error(Error::Kind::invalid_data, place.path + ".do: is missing");
    const Place actions = place["do"];
    if (!actions.value.is_array()) {
      rule.actions.push_back(action(actions));
      return rule;
    }
    if (actions.value.empty() || actions.value.size() > rules::most_actions)
      actions.fail("1 to " + std::to_string(rules::most_actions) + " actions");
    for (std::size_t i = 0; i < actions.value.size(); ++i) rule.actions.push_back(action(actions[i]));
    return rule;
  }

  rules::Voice voice(const Place& place) const {
    rules::Voice voice;
    if (!place.value.is_object()) place.fail("an object");
    TermReader<rules::Voice>(place, voice, {"name", "rules"});
    if (!place.value.contains("name")) throw Error(Error::Kind::invalid_data, place.path + ".name: is missing");
    read(place["name"], voice.name, {});
    if (place.value.contains("rules")) voice.rules = rules(place["rules"]);
    return voice;
  }

  std::vector<rules::Rule> rules(const Place& place) const {
    if (!place.value.is_array() || place.value.size() > rules::most_rules)
      place.fail("an array of no more than " + std::to_string(rules::most_rules) + " rules");
    std::vector<rules::Rule> result;
    for (std::size_t i = 0; i < place.value.size(); ++i) result.push_back(rule(place[i]));
    return result;
  }

  static void only(const Place& place, const std::vector<std::string>& known) {
    if (!place.value.is_object()) place.fail("an object");
    for (const auto& [name, value] : place.value.items())
      if (std::ranges::find(known, name) == known.end())
        place[name].fail("left out: here may stand " + rules::listed(known));
  }

 private:
  rules::Condition condition(const Place& place, int depth) const {
    if (depth > rules::deepest_condition) place.fail("less deeply nested");
    if (place.value.is_string())
      return place.parsed([&](const auto& text) { return rules::parse_condition(text, classes_); });
    if (!place.value.is_object() || place.value.size() != 1)
      place.fail("a condition: a string, or an object with one member");
    const std::string name = place.value.begin().key();
    const Place inside = place[name];
    if (name == "not") return {rules::Not{{condition(inside, depth + 1)}}};
    if (name == "all") return group<rules::All>(inside, depth);
    if (name == "any") return group<rules::Any>(inside, depth);
    if (const auto quantity = rules::from_word<rules::Quantity>(name)) {
      rules::Compare compare{.quantity = *quantity, .is = {}, .of = {}};
      TermReader<rules::Compare>(inside, compare);
      return {compare};
    }
    if (auto test = read_named<rules::Test>(name, inside)) return {std::move(*test)};
    place.fail("a condition (" + rules::listed(rules::condition_names()) + ", all or any), not \"" + name + "\"");
  }

  template <typename Group>
  rules::Condition group(const Place& place, int depth) const {
    if (!place.value.is_array() || place.value.empty() || place.value.size() > rules::most_conditions)
      place.fail("1 to " + std::to_string(rules::most_conditions) + " conditions");
    Group result;
    for (std::size_t i = 0; i < place.value.size(); ++i) result.of.push_back(condition(place[i], depth + 1));
    if (result.of.size() > 1) return {std::move(result)};
    rules::Condition only = std::move(result.of.front());
    return only;
  }

  rules::Action action(const Place& place) const {
    if (place.value.is_string())
      return place.parsed([&](const auto& text) { return rules::parse_action(text, classes_); });
    if (!place.value.is_object()) place.fail("an action: a string or an object");
    rules::Action result;
    bool found = false;
    for (const auto& [name, value] : place.value.items()) {
      if (name == rules::Chance::name) {
        read(place[name], result.probability, {});
        continue;
      }
      auto change = read_named<rules::Change>(name, place[name]);
      if (!change || found)
        place.fail("one action (" + rules::listed(rules::action_names()) + ") and its probability, not \"" + name +
                   "\"");
      result.change = std::move(*change);
      found = true;
    }
    if (!found) place.fail("an action (" + rules::listed(rules::action_names()) + ")");
    return result;
  }

  std::span<const std::string> classes_;
};

rules::Meter read_meter(const Place& place) {
  if (place.value.is_string()) return place.parsed([](const auto& text) { return rules::parse_meter(text); });
  RulesReader::only(place, {"numerator", "denominator"});
  const Reader reader(place.value, place.path);
  const rules::Meter meter{reader.integer("numerator", 1, 64), reader.integer("denominator", 1, 64)};
  if ((meter.denominator & (meter.denominator - 1)) != 0) reader.fail("denominator", "a power of two");
  return meter;
}

rules::RuleSet read_set(const Place& root, std::span<const std::string> class_names) {
  const RulesReader reader(class_names);
  RulesReader::only(root, {"format", "version", "made_by", "bpm", "meter", "scene", "variables", "rules", "voices"});
  rules::RuleSet set;
  const auto has = [&](const char* name) { return root.value.contains(name); };
  if (has("bpm")) read(root["bpm"], set.bpm.emplace(), {10.0, 1000.0});
  if (has("meter")) set.meter = read_meter(root["meter"]);
  if (has("scene")) read(root["scene"], set.scene, {});
  if (has("variables")) {
    const Place variables = root["variables"];
    if (!variables.value.is_object()) variables.fail("an object of names and numbers");
    for (const auto& [name, value] : variables.value.items()) read(variables[name], set.variables[name], {-1e9, 1e9});
  }
  if (has("rules")) set.rules = reader.rules(root["rules"]);
  if (!has("voices")) return set;
  const Place voices = root["voices"];
  if (!voices.value.is_array() || voices.value.size() > rules::most_voices)
    voices.fail("an array of no more than " + std::to_string(rules::most_voices) + " voices");
  for (std::size_t i = 0; i < voices.value.size(); ++i) set.voices.push_back(reader.voice(voices[i]));
  return set;
}

}  // namespace

Object written(const rules::Mode& value) {
  return std::visit([](const auto& mode) { return named(mode.name, mode); }, value);
}

void read(const Place& place, rules::Mode& value, rules::Range) {
  if (place.value.is_string()) {
    value = place.parsed([](const auto& text) { return rules::parse_mode(text); });
    return;
  }
  if (!place.value.is_object() || place.value.size() != 1)
    place.fail("a mode: a string, or an object with one member");
  const std::string name = place.value.begin().key();
  auto mode = read_named<rules::Mode>(name, place[name]);
  if (!mode) place.fail("a mode (" + rules::listed(rules::mode_names()) + "), not \"" + name + "\"");
  value = std::move(*mode);
}

}  // namespace json

std::string to_json(const rules::RuleSet& set, const std::string& recipe, bool compact) {
  json::Object root = json::begin_document("sfa.rules", 1, recipe);
  if (set.bpm) root["bpm"] = *set.bpm;
  if (set.meter) root["meter"] = {{"numerator", set.meter->numerator}, {"denominator", set.meter->denominator}};
  if (!set.scene.text.empty()) root["scene"] = set.scene.text;
  if (!set.variables.empty()) {
    json::Object& variables = root["variables"] = json::Object::object();
    for (const auto& [name, value] : set.variables) variables[name] = value;
  }
  if (!set.rules.empty()) root["rules"] = json::listed(set.rules);
  if (!set.voices.empty()) root["voices"] = json::listed(set.voices);
  return json::dump(root, compact);
}

rules::RuleSet rules_from_json(std::string_view text, std::span<const std::string> class_names) {
  const json::Document document(text, "sfa.rules", 1);
  return json::with_position(text, [&] {
    auto set = json::read_set({document.root().self(), ""}, class_names);
    try {
      rules::number_rules(set);
      rules::check(set, class_names);
    } catch (const Error& error) {
      throw Error(Error::Kind::invalid_data, error.what());
    }
    return set;
  });
}

rules::RuleSet rules_from_text(std::string_view text, std::span<const std::string> class_names) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_document = first != std::string_view::npos && text[first] == '{';
  return is_document ? rules_from_json(text, class_names) : rules::parse_rules(text, class_names);
}

}  // namespace sfa::io
