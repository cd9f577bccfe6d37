#include "sfa/io/json_events.hpp"

#include <utility>

#include "json_reader.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/audio/units.hpp"
#include "sfa/io/json_bank.hpp"

namespace sfa::io {
namespace {

constexpr const char* format = "sfa.events";
constexpr int version = 1;

json::Object written(const rules::Event& event) {
  json::Object entry = {{"time", json::number(event.time)},
                        {"beat", json::number(event.beat)},
                        {"slice", event.slice},
                        {"velocity", json::number(event.velocity)},
                        {"pitch", json::number(event.pitch)},
                        {"rate", json::number(event.rate)},
                        {"reverse", event.reverse},
                        {"pan", json::number(event.pan)},
                        {"gate", json::number(event.gate)}};
  if (!event.rule.empty()) entry["rule"] = event.rule;
  return entry;
}

rules::Event read_event(const json::Reader& entry, double bpm) {
  rules::Event event;
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

}  // namespace

std::string to_json(const EventsDocument& document, const std::string& recipe, bool compact) {
  const rules::Events& events = document.events;
  json::Object root = json::begin_document(format, version, recipe);
  root["bpm"] = json::number(events.bpm);
  root["meter"] = {{"numerator", events.meter.numerator}, {"denominator", events.meter.denominator}};
  root["seed"] = events.seed;
  root["duration"] = json::number(events.duration);
  root["mode"] = events.mode;
  root["rules"] = events.rules;
  if (document.bank)
    root["bank"] = json::Object::parse(to_json(*document.bank, {}, true));
  else if (!events.bank.empty())
    root["bank"] = events.bank;
  json::Object& list = root["events"] = json::Object::array();
  for (const rules::Event& event : events.events) list.push_back(written(event));
  return json::dump(root, compact);
}

EventsDocument events_from_json(std::string_view text) {
  const json::Document parsed(text, format, version);
  const json::Reader& root = parsed.root();
  EventsDocument document;
  rules::Events& events = document.events;
  events.bpm = root.number_or("bpm", events.bpm, {1.0, 1e4});
  if (const auto meter = root.object_if("meter")) events.meter = read_meter(*meter);
  events.seed = root.integer_or<std::uint64_t>("seed", 0);
  events.mode = root.text_or("mode", "");
  if (root.has("rules")) events.rules = root.texts("rules");
  read_bank(root, document);
  double last = 0.0;
  for (const json::Reader& entry : root.array("events")) {
    events.events.push_back(read_event(entry, events.bpm));
    if (events.events.back().time < last) entry.fail("time", "no earlier than the event before it");
    last = events.events.back().time;
  }
  events.duration = root.number_or("duration", last, {0.0, longest_document_seconds});
  return document;
}

}  // namespace sfa::io
