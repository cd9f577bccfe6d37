#include "session_input.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_session.hpp"
#include "sfa/io/json_stems.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {
namespace {

/// `name`, or with a number behind it if a track has it already.
std::string unused(const mix::Session& session, const std::string& name) {
  const auto taken = [&](const std::string& candidate) {
    return std::ranges::find(session.tracks, candidate, &mix::Track::name) != session.tracks.end();
  };
  std::string candidate = name;
  for (int number = 2; taken(candidate); ++number) candidate = name + "-" + std::to_string(number);
  return candidate;
}

void add_track(mix::Session& session, const std::string& name, const std::string& path) {
  mix::Track track;
  track.name = unused(session, name);
  track.clips.emplace_back().path = path;
  session.tracks.push_back(std::move(track));
}

mix::Session from_stems(const std::string& input, const separation::Stems& stems) {
  mix::Session session;
  for (const auto& stem : stems.stems) add_track(session, stem.name, io::path_from(input, stem.path));
  return session;
}

mix::Session from_document(const std::string& input, const std::string& text) {
  const auto format = io::document_format(text);
  if (format == "sfa.stems") return from_stems(input, io::parse_document(input, text, io::stems_from_json));
  auto session = io::parse_document(input, text, io::session_from_json);
  for (auto& track : session.tracks)
    for (auto& clip : track.clips) clip.path = io::path_from(input, clip.path);
  return session;
}

mix::Track& find(mix::Session& session, const std::string& name) {
  const auto track = std::ranges::find(session.tracks, name, &mix::Track::name);
  if (track != session.tracks.end()) return *track;
  std::string names;
  for (const auto& other : session.tracks) names += (names.empty() ? "" : ", ") + other.name;
  throw UsageError("no track is called " + name + "; there are: " + names);
}

struct Setting {
  std::string name;
  double value = 0.0;
};

Setting setting(const std::string& option, const std::string& text, double low, double high) {
  const auto equals = text.rfind('=');
  Setting parsed;
  if (equals != std::string::npos) {
    parsed.name = text.substr(0, equals);
    const char *begin = text.data() + equals + 1, *end = text.data() + text.size();
    if (begin != end && *begin == '+') ++begin;
    const auto [rest, problem] = std::from_chars(begin, end, parsed.value);
    if (problem == std::errc() && rest == end && parsed.value >= low && parsed.value <= high) return parsed;
  }
  throw UsageError(option + ": " + text + " is not TRACK=NUMBER with a number from " +
                   std::to_string(std::lround(low)) + " to " + std::to_string(std::lround(high)));
}

}  // namespace

SessionInput read_session(const std::vector<std::string>& inputs, SoundFiles& files) {
  mix::Session session;
  for (const auto& input : inputs) {
    const auto readable = files.readable(input);
    if (!io::begins_a_document(readable)) {
      add_track(session, input == "-" ? "input" : std::filesystem::path(input).stem().string(), input);
      continue;
    }
    if (inputs.size() > 1)
      throw UsageError(io::input_name(input) + " is a document; it is mixed alone");
    return {from_document(input, io::read_document(readable)), input};
  }
  return {std::move(session), ""};
}

void apply(const Changes& changes, mix::Session& session) {
  if (!changes.pan_law.empty())
    for (auto& track : session.tracks) track.pan_law = *mix::pan_law(changes.pan_law);
  for (const auto& text : changes.gains) {
    const auto [name, value] = setting("--gain", text, -200.0, 100.0);
    find(session, name).gain_db = value;
  }
  for (const auto& text : changes.pans) {
    const auto [name, value] = setting("--pan", text, -1.0, 1.0);
    find(session, name).pan = value;
  }
  for (const auto& name : changes.mutes) find(session, name).mute = true;
  for (const auto& name : changes.solos) find(session, name).solo = true;
  if (changes.sample_rate > 0) session.sample_rate = changes.sample_rate;
  auto& goal = session.master.goal;
  if (changes.target_lufs) goal.target_lufs = changes.target_lufs;
  if (changes.ceiling_db) goal.ceiling_db = changes.ceiling_db;
  if (goal.target_lufs && !goal.ceiling_db) goal.ceiling_db = default_ceiling_db;
}

void write_session(const std::string& path, mix::Session session, const std::string& recipe) {
  for (auto& track : session.tracks)
    for (auto& clip : track.clips) {
      if (io::is_stream(clip.path))
        throw UsageError("--write-session: a session cannot name " + io::input_name(clip.path));
      clip.path = io::path_for(path, clip.path);
    }
  const auto text = io::to_json(session, recipe);
  if (path == "-")
    write_stdout(text);
  else
    io::write_file(path, text);
}

}  // namespace sfa::tool
