#include "commands.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sfa/audio/error.hpp"

namespace sfa::play {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& why) { throw Error(Error::Kind::invalid_argument, why); }

std::string line_of(const Ordered& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

/// A command's parameters, read by name; what was not read is a mistake.
class Parameters {
 public:
  explicit Parameters(const Json& command) : command_(command) {}

  [[nodiscard]] bool has(const char* name) const { return command_.contains(name); }
  double number(const char* name) const {
    if (!has(name) || !command_[name].is_number()) refuse(std::string(name) + " must be a number");
    return command_[name].get<double>();
  }
  /// 0 and 1 too, as OSC has them.
  bool flag(const char* name) const {
    if (has(name) && command_[name].is_boolean()) return command_[name].get<bool>();
    if (has(name) && command_[name].is_number() && (number(name) == 0.0 || number(name) == 1.0)) return number(name) == 1.0;
    refuse(std::string(name) + " must be true or false");
  }
  bool flag_or(const char* name, bool otherwise) const { return has(name) ? flag(name) : otherwise; }
  std::string text(const char* name) const {
    if (!has(name) || !command_[name].is_string()) refuse(std::string(name) + " must be a string");
    return command_[name].get<std::string>();
  }
  /// A string, or a number as one.
  std::string word(const char* name) const {
    if (has(name) && command_[name].is_number()) return std::to_string(std::lround(std::clamp(number(name), -1e6, 1e6)));
    return text(name);
  }
  /// Seconds, or "BAR:BEAT:SIXTEENTH".
  Frames position(const char* name, const Desk& desk) const {
    if (has(name) && command_[name].is_string()) return desk.frame_at(text(name));
    const double seconds = number(name);
    if (!(seconds >= 0.0 && seconds <= 1e6)) refuse(std::string(name) + " must be from 0 to 1000000 seconds");
    return to_frames({seconds}, desk.status().rate);
  }

 private:
  const Json& command_;
};

struct Kind {
  const char* type;
  std::array<const char*, 3> parameters;  // in the order of OSC's arguments
  void (*act)(Desk&, const Parameters&);
};

std::size_t strip(const Desk& desk, const Parameters& given) { return desk.strip_called(given.word("track")); }

void seek(Desk& desk, const Parameters& given) {
  if (given.has("by") == given.has("to")) refuse("either to or by must be given");
  if (given.has("to")) return desk.seek(given.position("to", desk));
  const double by = given.number("by");
  if (!(std::abs(by) <= 1e6)) refuse("by must be from -1000000 to 1000000 seconds");
  desk.seek_by({by});
}

void loop(Desk& desk, const Parameters& given) {
  if (!given.has("from") && !given.has("to")) return desk.set_loop({});
  const FrameRange range{given.position("from", desk), given.position("to", desk)};
  if (range.end <= range.begin) refuse("to must be after from");
  desk.set_loop(range);
}

void volume(Desk& desk, const Parameters& given) {
  if (given.has("track"))
    desk.set_volume(strip(desk, given), given.number("db"));
  else
    desk.set_gain(given.number("db"));
}

void update_rule(Desk& desk, const Parameters& given) {
  std::optional<double> probability;
  std::optional<bool> enabled;
  if (given.has("probability")) probability = given.number("probability");
  if (given.has("enabled")) enabled = given.flag("enabled");
  if (!probability && !enabled) refuse("probability or enabled must be given");
  desk.set_rule(given.text("rule_id"), probability, enabled);
}

const std::array kinds{
    Kind{"play", {}, [](Desk& desk, const Parameters&) { desk.pause(false); }},
    Kind{"pause", {"on"}, [](Desk& desk, const Parameters& given) { desk.pause(given.flag_or("on", true)); }},
    Kind{"stop", {}, [](Desk& desk, const Parameters&) { desk.stop(); }},
    Kind{"seek", {"to", "by"}, seek},
    Kind{"tempo", {"bpm"}, [](Desk& desk, const Parameters& given) { desk.set_tempo(given.number("bpm")); }},
    Kind{"tap", {}, [](Desk& desk, const Parameters&) { desk.tap(); }},
    Kind{"loop", {"from", "to"}, loop},
    Kind{"mute", {"track", "on"}, [](Desk& desk, const Parameters& given) { desk.mute(strip(desk, given), given.flag_or("on", true)); }},
    Kind{"solo", {"track", "on"}, [](Desk& desk, const Parameters& given) { desk.solo(strip(desk, given), given.flag_or("on", true)); }},
    Kind{"volume", {"db", "track"}, volume},
    Kind{"update_rule", {"rule_id", "probability", "enabled"}, update_rule},
    Kind{"set", {"name", "value"}, [](Desk& desk, const Parameters& given) { desk.set_variable(given.text("name"), given.number("value")); }},
    Kind{"fill", {"on"}, [](Desk& desk, const Parameters& given) { desk.set_fill(given.flag_or("on", true)); }},
    Kind{"scene", {"name"}, [](Desk& desk, const Parameters& given) { desk.set_scene(given.text("name")); }},
    Kind{"load", {"rules"}, [](Desk& desk, const Parameters& given) { desk.load(given.text("rules")); }},
    Kind{"state", {}, [](Desk&, const Parameters&) {}},
    Kind{"quit", {}, [](Desk&, const Parameters&) {}},
};

/// The kind of a command, all of whose members are known.
const Kind& kind_of(const Json& command) {
  if (!command.contains("type") || !command["type"].is_string()) refuse("type must be a string");
  const auto type = command["type"].get<std::string>();
  const auto kind = std::ranges::find_if(kinds, [&](const Kind& one) { return type == one.type; });
  if (kind == kinds.end()) {
    std::string known;
    for (const auto& one : kinds) known += std::string(known.empty() ? "" : ", ") + one.type;
    refuse("no command is called " + type.substr(0, 40) + "; there are: " + known);
  }
  for (const auto& [name, value] : command.items()) {
    const auto is_it = [&](const char* one) { return one != nullptr && name == one; };
    if (name != "type" && name != "request_id" && !std::ranges::any_of(kind->parameters, is_it))
      refuse(type + " has no " + name.substr(0, 40));
  }
  return *kind;
}

double level_db(float level) { return to_decibels(static_cast<double>(level)).value; }

Ordered level(float value) {
  const double db = level_db(value);
  return std::isfinite(db) ? Ordered(std::round(db * 100.0) / 100.0) : Ordered(nullptr);
}

Ordered levels(const std::vector<float>& values) {
  auto list = Ordered::array();
  for (const float value : values) list.push_back(level(value));
  return list;
}

double seconds(Frames frames, SampleRate rate) { return std::round(to_seconds(frames, rate).value * 1e6) / 1e6; }

Ordered state_of(const Desk& desk, bool whole) {
  const auto& now = desk.status();
  Ordered state{{"type", "state"}, {"playing", !now.paused && now.connected}, {"time", seconds(now.position, now.rate)}};
  if (now.own_bpm) {
    state["bars"] = desk.bars();
    state["bpm"] = now.bpm;
  }
  state["loop"] = now.loop.empty() ? Ordered(nullptr) : Ordered{seconds(now.loop.begin, now.rate), seconds(now.loop.end, now.rate)};
  state["volume_db"] = now.gain_db;
  state["peak_db"] = levels(now.peaks);
  state["rms_db"] = levels(now.rms);
  state["momentary_lufs"] = std::isfinite(now.momentary_lufs) ? Ordered(std::round(now.momentary_lufs * 100.0) / 100.0) : nullptr;
  state["limiter_db"] = std::round(now.limiter_db * 100.0F) / 100.0;
  state["compressor_db"] = std::round(now.compressor_db * 100.0F) / 100.0;
  state["voices"] = now.voices;
  state["tracks"] = Ordered::array();
  for (const auto& one : now.strips)
    state["tracks"].push_back(
        {{"name", one.name}, {"mute", one.mute}, {"solo", one.solo}, {"volume_db", one.volume_db}, {"peak_db", level(one.peak)}});
  if (!now.rules.empty() || !now.scene.empty() || now.fill) {
    state["scene"] = now.scene;
    state["fill"] = now.fill;
  }
  if (whole) {
    state["rules"] = Ordered::array();
    for (const auto& rule : now.rules)
      state["rules"].push_back({{"id", rule.id}, {"text", rule.text}, {"probability", rule.probability}, {"enabled", rule.enabled}});
  }
  state["connected"] = now.connected;
  state["xruns"] = now.xruns;
  state["worst_callback_ms"] = std::round(now.worst_callback_ms * 1000.0) / 1000.0;
  state["latency_ms"] = std::round(now.latency_ms * 1000.0) / 1000.0;
  state["events"] = now.events;
  state["late_events"] = now.late_events;
  state["missing_slices"] = now.missing_slices;
  state["message"] = now.message;
  return state;
}

}  // namespace

std::string refusal(const std::string& why) { return line_of({{"error", why}}); }

std::string Commands::carry_out(std::string_view line) {
  Ordered reply = Ordered::object();
  try {
    const auto command = Json::parse(line, nullptr, false);
    if (!command.is_object()) refuse("a command must be a JSON object on one line");
    if (command.contains("request_id")) {
      const auto& id = command["request_id"];
      if (!id.is_number() && !(id.is_string() && id.get_ref<const std::string&>().size() <= 200))
        refuse("request_id must be a number or a short string");
      reply["request_id"] = id;
    }
    const auto& kind = kind_of(command);
    kind.act(desk_, Parameters(command));
    const std::string_view type = kind.type;
    quit_ = quit_ || type == "quit";
    reply["error"] = "success";
    if (type == "state") reply["data"] = state_of(desk_, true);
  } catch (const std::exception& error) {
    reply["error"] = error.what();
  }
  return line_of(reply);
}

std::string Commands::carry_out(const osc::Message& message) {
  constexpr std::string_view prefix = "/sfa/";
  try {
    if (!message.address.starts_with(prefix)) refuse("addresses begin with /sfa/");
    Json command{{"type", message.address.substr(prefix.size())}};
    const auto& kind = kind_of(command);
    for (std::size_t i = 0; i < message.arguments.size(); ++i) {
      if (i >= kind.parameters.size() || kind.parameters[i] == nullptr) refuse(std::string(kind.type) + " takes fewer arguments");
      std::visit([&](const auto& value) { command[kind.parameters[i]] = value; }, message.arguments[i]);
    }
    kind.act(desk_, Parameters(command));
    quit_ = quit_ || std::string_view(kind.type) == "quit";
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string state_line(const Desk& desk, bool whole) { return line_of(state_of(desk, whole)); }

std::vector<osc::Message> state_messages(const Desk& desk) {
  const auto& now = desk.status();
  osc::Message peaks{"/sfa/state/peak_db", {}};
  for (const float peak : now.peaks) peaks.arguments.emplace_back(std::max(-120.0, level_db(peak)));
  return {{"/sfa/state/playing", {std::int32_t{!now.paused && now.connected ? 1 : 0}}},
          {"/sfa/state/time", {to_seconds(now.position, now.rate).value}},
          {"/sfa/state/bars", {desk.bars()}},
          {"/sfa/state/bpm", {now.bpm}},
          peaks};
}

}  // namespace sfa::play
