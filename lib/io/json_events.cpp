#include "sfa/io/json_events.hpp"

#include <utility>

#include "json_reader.hpp"
#include "json_terms.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/audio/units.hpp"
#include "sfa/io/json_bank.hpp"

namespace sfa::io {
namespace {

constexpr const char* format = "sfa.events";
constexpr int version = 1;

/// What only some events have.
void add_extras(const rules::Event& event, json::Object& entry) {
  if (event.gain_db != 0.0) entry["gain_db"] = json::number(event.gain_db);
  if (event.filter) entry["filter"] = json::TermWriter(*event.filter).members();
  if (event.stretch != 1.0) entry["stretch"] = json::number(event.stretch);
  if (event.mute_group != 0) entry["mute_group"] = event.mute_group;
  if (!event.scene.empty()) entry["scene"] = event.scene;
  for (const rules::Midi& message : event.midi) entry["midi"].push_back(json::TermWriter(message).members());
  for (const rules::Osc& message : event.osc) entry["osc"].push_back(json::TermWriter(message).members());
  if (!event.explanation.empty()) entry["explain"] = event.explanation;
}

json::Object written(const rules::Event& event) {
  json::Object entry = {{"id", event.id},
                        {"time", json::number(event.time)},
                        {"beat", json::number(event.beat)},
                        {"slice", event.slice},
                        {"velocity", json::number(event.velocity)},
                        {"pitch", json::number(event.pitch)},
                        {"rate", json::number(event.rate)},
                        {"reverse", event.reverse},
                        {"pan", json::number(event.pan)},
                        {"gate", json::number(event.gate)}};
  if (!event.voice.empty()) entry["voice"] = event.voice;
  if (!event.rule.empty()) entry["rule"] = event.rule;
  add_extras(event, entry);
  return entry;
}

template <typename Term>
Term read_term(const json::Value& value, const std::string& path) {
  Term term;
  json::TermReader<Term>({value, path}, term);
  return term;
}

template <typename Term>
std::vector<Term> read_messages(const json::Reader& entry, const char* name) {
  std::vector<Term> messages;
  if (!entry.has(name)) return messages;
  if (!entry.value(name).is_array()) entry.fail(name, "an array");
  for (const json::Value& value : entry.value(name)) messages.push_back(read_term<Term>(value, name));
  return messages;
}

rules::Event read_event(const json::Reader& entry, double bpm) {
  rules::Event event;
  event.id = entry.integer_or<std::uint64_t>("id", 0);
  event.time = entry.number("time", {0.0, longest_document_seconds});
  event.beat = entry.number_or("beat", event.time * bpm / 60.0, {.min = 0.0});
  event.slice = entry.integer("slice");
  event.velocity = entry.number_or("velocity", event.velocity, {0.0, 1.0});
  event.pitch = entry.number_or("pitch", event.pitch, {-96.0, 96.0});
  event.rate = entry.number_or("rate", event.rate, {1.0 / 64.0, 64.0});
  event.reverse = entry.flag_or("reverse", event.reverse);
  event.pan = entry.number_or("pan", event.pan, {-1.0, 1.0});
  event.gate = entry.number_or("gate", event.gate, {0.0, longest_document_seconds});
  event.rule = entry.text_or("rule", event.rule);
  event.voice = entry.text_or("voice", "");
  event.gain_db = entry.number_or("gain_db", 0.0, {-120.0, 24.0});
  if (entry.has("filter")) event.filter = read_term<rules::Filter>(entry.value("filter"), "filter");
  event.stretch = entry.number_or("stretch", event.stretch, {1.0 / 16.0, 16.0});
  event.mute_group = entry.integer_or("mute_group", 0, 0, 64);
  event.scene = entry.text_or("scene", "");
  event.midi = read_messages<rules::Midi>(entry, "midi");
  event.osc = read_messages<rules::Osc>(entry, "osc");
  if (entry.has("explain")) event.explanation = entry.texts("explain");
  return event;
}

rules::Meter read_meter(const json::Reader& entry) {
  const rules::Meter meter{entry.integer("numerator", 1, 64), entry.integer("denominator", 1, 64)};
  if ((meter.denominator & (meter.denominator - 1)) != 0) entry.fail("denominator", "a power of two");
  return meter;
}

/// The bank is a path, an object or absent.
void read_bank(const json::Reader& root, EventsDocument& document) {
  if (!root.has("bank")) return;
  const json::Value& bank = root.value("bank");
  if (bank.is_string()) {
    document.events.bank = root.text("bank");
  } else if (bank.is_object()) {
    try {
      document.bank = bank_from_json(bank.dump());
    } catch (const Error& error) {
      throw Error(error.kind, std::string("bank: ") + error.what());
    }
  } else {
    root.fail("bank", "a path or an sfa.bank document");
  }
}

json::Object head(const EventsDocument& document, const std::string& recipe) {
  const rules::Events& events = document.events;
  json::Object root = json::begin_document(format, version, recipe);
  root["bpm"] = json::number(events.bpm);
  root["meter"] = {{"numerator", events.meter.numerator}, {"denominator", events.meter.denominator}};
  root["seed"] = events.seed;
  if (events.duration > 0.0) root["duration"] = json::number(events.duration);
  if (!events.mode.empty()) root["mode"] = events.mode;
  root["rules"] = events.rules;
  if (document.bank)
    root["bank"] = json::Object::parse(to_json(*document.bank, {}, true));
  else if (!events.bank.empty())
    root["bank"] = events.bank;
  for (const rules::EventVoice& voice : events.voices) {
    json::Object entry = {{"name", voice.name}, {"mode", voice.mode}};
    if (!voice.bank.empty()) entry["bank"] = voice.bank;
    root["voices"].push_back(std::move(entry));
  }
  return root;
}

EventsDocument read_head(const json::Reader& root) {
  EventsDocument document;
  rules::Events& events = document.events;
  events.bpm = root.number_or("bpm", events.bpm, {1.0, 1e4});
  if (const auto meter = root.object_if("meter")) events.meter = read_meter(*meter);
  events.seed = root.integer_or<std::uint64_t>("seed", 0);
  events.mode = root.text_or("mode", "");
  if (root.has("rules")) events.rules = root.texts("rules");
  for (const json::Reader& voice : root.array_or_empty("voices"))
    events.voices.push_back({voice.text("name"), voice.text_or("bank", ""), voice.text_or("mode", "")});
  read_bank(root, document);
  return document;
}

void add(const json::Reader& entry, rules::Events& events) {
  const double last = events.events.empty() ? 0.0 : events.events.back().time;
  events.events.push_back(read_event(entry, events.bpm));
  if (events.events.back().time < last) entry.fail("time", "no earlier than the event before it");
}

/// The first of several lines that are a JSON text each; empty for anything else.
std::string_view first_line(std::string_view text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos || text.find_first_not_of(" \t\r\n", end) == std::string_view::npos) return {};
  const auto line = text.substr(0, end);
  return line.find_last_not_of(" \t\r") != std::string_view::npos && line[line.find_last_not_of(" \t\r")] == '}'
             ? line
             : std::string_view();
}

EventsDocument read_lines(std::string_view text, std::string_view line) {
  EventsDocument document = read_head(json::Document(line, format, version).root());
  int number = 1;
  while (line.size() < text.size()) {
    text.remove_prefix(line.size() + 1);
    line = text.substr(0, text.find('\n'));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      const json::Value value = json::parse(line);
      add(json::Reader(value, ""), document.events);
    } catch (const Error& error) {
      throw Error(error.kind, "line " + std::to_string(number) + ": " + error.what());
    }
  }
  if (!document.events.events.empty()) document.events.duration = document.events.events.back().time;
  return document;
}

}  // namespace

std::string to_json(const EventsDocument& document, const std::string& recipe, bool compact) {
  json::Object root = head(document, recipe);
  json::Object& list = root["events"] = json::Object::array();
  for (const rules::Event& event : document.events.events) list.push_back(written(event));
  return json::dump(root, compact);
}

std::string stream_head(const EventsDocument& document) {
  json::Object root = head(document, {});
  root["stream"] = true;
  return json::dump(root, true);
}

std::string stream_line(const rules::Event& event) { return json::dump(written(event), true); }

rules::Event event_from_line(std::string_view line, double bpm) {
  const json::Value value = json::parse(line);
  return read_event(json::Reader(value, ""), bpm);
}

EventsDocument events_from_json(std::string_view text) {
  if (const auto line = first_line(text); !line.empty()) return read_lines(text, line);
  const json::Document parsed(text, format, version);
  const json::Reader& root = parsed.root();
  EventsDocument document = read_head(root);
  rules::Events& events = document.events;
  if (!root.flag_or("stream", false))
    for (const json::Reader& entry : root.array("events")) add(entry, events);
  events.duration = root.number_or("duration", events.events.empty() ? 0.0 : events.events.back().time,
                                   {0.0, longest_document_seconds});
  return document;
}

}  // namespace sfa::io
