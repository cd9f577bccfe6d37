#include "sfa/io/json_events.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

std::string with(const std::string& members) { return R"({"format":"sfa.events","version":1,)" + members + "}"; }

std::string complaint(const std::string& members) {
  try {
    (void)io::events_from_json(with(members));
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

io::EventsDocument pattern() {
  io::EventsDocument document;
  auto& events = document.events;
  events.bpm = 97.3;
  events.meter = {7, 8};
  events.seed = ~std::uint64_t{0};
  events.duration = 1.0 / 3.0;
  events.bank = "b\u00e4nk \"1\".json";
  events.mode = "seq";
  events.rules = {"every 4: reverse"};
  rules::Event event;
  event.time = 0.1;
  event.beat = 0.2;
  event.slice = 3;
  event.velocity = 0.7;
  event.pitch = -5.5;
  event.rate = 0.5;
  event.reverse = true;
  event.pan = -0.25;
  event.gate = 0.125;
  event.rule = "1";
  events.events = {event};
  return document;
}

}  // namespace

TEST_CASE("events come back from JSON as they went, to the last bit") {
  const auto before = pattern();
  for (const bool compact : {false, true}) {
    const auto text = io::to_json(before, "sfa-seq 0.1.0 00", compact);
    const auto after = io::events_from_json(text);
    CHECK(after.events.bpm == before.events.bpm);
    CHECK(after.events.meter.numerator == 7);
    CHECK(after.events.meter.denominator == 8);
    CHECK(after.events.seed == before.events.seed);
    CHECK(after.events.duration == before.events.duration);
    CHECK(after.events.bank == before.events.bank);
    CHECK(after.events.rules == before.events.rules);
    REQUIRE(after.events.events.size() == 1);
    const auto& event = after.events.events[0];
    CHECK(event.time == 0.1);
    CHECK(event.slice == 3);
    CHECK(event.velocity == 0.7);
    CHECK(event.pitch == -5.5);
    CHECK(event.rate == 0.5);
    CHECK(event.reverse);
    CHECK(event.pan == -0.25);
    CHECK(event.gate == 0.125);
    CHECK(event.rule == "1");
    CHECK(io::to_json(after, "sfa-seq 0.1.0 00", compact) == text);
  }
}

TEST_CASE("a bank may be held inline") {
  auto before = pattern();
  before.bank.emplace();
  before.bank->source = {.path = "drums.wav", .sha256 = {}, .sample_rate = {48000}, .channels = 2, .frames = 100};
  slicing::Slice slice;
  slice.range = {10, 20};
  before.bank->slices = {slice};
  const auto after = io::events_from_json(io::to_json(before));
  REQUIRE(after.bank);
  CHECK(after.events.bank.empty());
  CHECK(after.bank->source.path == "drums.wav");
  CHECK(after.bank->slices.at(0).range == FrameRange{10, 20});
  CHECK(complaint(R"("events":[],"bank":{"format":"sfa.bank","version":1,"source":7,"slices":[]})").starts_with("bank: source"));
}

TEST_CASE("a document by hand needs no more than times and slices") {
  const auto document = io::events_from_json(with(R"("events":[{"time":0,"slice":1},{"time":0.5,"slice":0}],"more":[{}])"));
  CHECK(document.events.bpm == 120.0);
  CHECK(document.events.duration == 0.5);
  CHECK(document.events.events[1].beat == 1.0);
  CHECK(document.events.events[1].velocity == 1.0);
  CHECK(document.events.events[1].rate == 1.0);
}

TEST_CASE("events that cannot be are refused, with their place") {
  CHECK(complaint(R"("x":1)") == "events: is missing");
  CHECK(complaint(R"("events":[{"slice":0}])") == "events[0].time: is missing");
  CHECK(complaint(R"("events":[{"time":-1,"slice":0}])") == "events[0].time: must be a number from 0 to 1000000");
  CHECK(complaint(R"("events":[{"time":1,"slice":0},{"time":0.5,"slice":0}])") ==
        "events[1].time: must be no earlier than the event before it");
  CHECK(complaint(R"("events":[{"time":0,"slice":0,"rate":0}])") == "events[0].rate: must be a number from 0.015625 to 64");
  CHECK(complaint(R"("events":[{"time":0,"slice":0,"velocity":2}])") == "events[0].velocity: must be a number from 0 to 1");
  CHECK(complaint(R"("events":[],"bpm":0)") == "bpm: must be a number from 1 to 10000");
  CHECK(complaint(R"("events":[],"meter":{"numerator":4,"denominator":3})") == "meter.denominator: must be a power of two");
  CHECK(complaint(R"("events":[],"seed":-1)") == "seed: must be a whole number of at least 0");
  CHECK(complaint(R"("events":[],"bank":7)") == "bank: must be a path or an sfa.bank document");
}

TEST_CASE("what only some events have comes back, too") {
  auto before = pattern();
  auto& event = before.events.events.front();
  event.id = 7;
  event.voice = "echo";
  event.gain_db = -6.5;
  event.filter = rules::Filter{rules::Filter::Type::highpass, 2000.0, 1.5};
  event.stretch = 1.5;
  event.mute_group = 2;
  event.scene = "verse";
  event.midi = {{rules::Midi::Message::note, 60, 90, 2}, {rules::Midi::Message::program, 5, 100, 1}};
  event.osc = {{"/roll", {1.0, 0.5}}, {"/x", {}}};
  event.explanation = {"r4 fired: 0.231 < 0.700"};
  before.events.voices = {{"drums", "", "seq"}, {"echo", "other.json", "follow:drums"}};
  const auto after = io::events_from_json(io::to_json(before)).events;
  const auto& back = after.events.front();
  CHECK(back.id == 7);
  CHECK(back.voice == "echo");
  CHECK(back.gain_db == -6.5);
  CHECK(back.filter == event.filter);
  CHECK(back.stretch == 1.5);
  CHECK(back.mute_group == 2);
  CHECK(back.scene == "verse");
  CHECK(back.midi == event.midi);
  CHECK(back.osc == event.osc);
  CHECK(back.explanation == event.explanation);
  REQUIRE(after.voices.size() == 2);
  CHECK(after.voices[1].bank == "other.json");
  CHECK(after.voices[1].mode == "follow:drums");
}

TEST_CASE("a stream's lines are the document's events") {
  const auto before = pattern();
  std::string text = io::stream_head(before);
  for (const auto& event : before.events.events) text += io::stream_line(event);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  const auto after = io::events_from_json(text);
  REQUIRE(after.events.events.size() == 1);
  CHECK(after.events.bpm == before.events.bpm);
  CHECK(after.events.bank == before.events.bank);
  CHECK(after.events.events.front().time == 0.1);
  CHECK(io::event_from_line(io::stream_line(before.events.events.front()), 120.0).slice == 3);
  CHECK(io::events_from_json(io::stream_head(before)).events.events.empty());
}

TEST_CASE("a mistake in a stream is told with its line") {
  const std::string head = io::stream_head(pattern());
  const auto complaint_of = [&](const std::string& lines) {
    try {
      (void)io::events_from_json(head + lines);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  CHECK(complaint_of("{\"time\":1,\"slice\":0}\n\n{\"time\":0.5,\"slice\":0}\n") == "line 4: time: must be no earlier than the event before it");
  CHECK(complaint_of("{\"time\":1}\n").find("line 2: slice: is missing") == 0);
  CHECK(complaint_of("{\"time\"\n").find("line 2: is not JSON") == 0);
  CHECK(complaint_of("[]\n").find("line 2: the document: must be an object") == 0);
  CHECK(complaint_of("{\"time\":1,\"slice\":0,\"midi\":[{\"message\":\"note\"}]}\n").find("line 2: midi.number: is missing") == 0);
  CHECK(complaint_of("{\"time\":1,\"slice\":0,\"filter\":{\"type\":\"comb\",\"cutoff_hz\":100}}\n").find("line 2: filter.type: must be") == 0);
}
