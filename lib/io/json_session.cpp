#include "sfa/io/json_session.hpp"

#include "json_reader.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::io {
namespace {

constexpr const char* format = "sfa.session";
constexpr int version = 1;
constexpr json::Between level_range{-200.0, 100.0};

json::Object written(const mix::Clip& clip) {
  json::Object entry = {
      {"path", clip.path}, {"position", json::number(clip.position)}, {"start", json::number(clip.start)}};
  if (clip.duration >= 0.0) entry["duration"] = json::number(clip.duration);
  entry["gain_db"] = json::number(clip.gain_db);
  entry["fade_in"] = json::number(clip.fade_in);
  entry["fade_out"] = json::number(clip.fade_out);
  entry["fade_shape"] = mix::name(clip.fade_shape);
  return entry;
}

json::Object written(const mix::Track& track) {
  json::Object entry = {{"name", track.name},
                        {"gain_db", json::number(track.gain_db)},
                        {"pan", json::number(track.pan)},
                        {"pan_law", mix::name(track.pan_law)},
                        {"mute", track.mute},
                        {"solo", track.solo}};
  json::Object& clips = entry["clips"] = json::Object::array();
  for (const mix::Clip& clip : track.clips) clips.push_back(written(clip));
  return entry;
}

mix::Clip read_clip(const json::Reader& entry) {
  mix::Clip clip;
  clip.path = entry.text("path");
  if (clip.path.empty()) entry.fail("path", "the path of a sound file");
  clip.position = entry.number_or("position", clip.position, {0.0, longest_document_seconds});
  clip.start = entry.number_or("start", clip.start, {0.0, longest_document_seconds});
  if (entry.has("duration")) clip.duration = entry.number("duration", {0.0, longest_document_seconds});
  clip.gain_db = entry.number_or("gain_db", clip.gain_db, level_range);
  clip.fade_in = entry.number_or("fade_in", clip.fade_in, {0.0, longest_document_seconds});
  clip.fade_out = entry.number_or("fade_out", clip.fade_out, {0.0, longest_document_seconds});
  const auto shape = mix::fade_shape(entry.text_or("fade_shape", mix::name(clip.fade_shape)));
  if (!shape) entry.fail("fade_shape", "linear or equal-power");
  clip.fade_shape = *shape;
  return clip;
}

mix::Track read_track(const json::Reader& entry, std::size_t number) {
  mix::Track track;
  track.name = entry.text_or("name", "track " + std::to_string(number));
  track.gain_db = entry.number_or("gain_db", track.gain_db, level_range);
  track.pan = entry.number_or("pan", track.pan, {-1.0, 1.0});
  const auto law = mix::pan_law(entry.text_or("pan_law", mix::name(track.pan_law)));
  if (!law) entry.fail("pan_law", "linear, equal-power, compromise or balance");
  track.pan_law = *law;
  track.mute = entry.flag_or("mute", track.mute);
  track.solo = entry.flag_or("solo", track.solo);
  for (const json::Reader& clip : entry.array("clips")) track.clips.push_back(read_clip(clip));
  return track;
}

mix::Master read_master(const json::Reader& entry) {
  mix::Master master;
  master.gain_db = entry.number_or("gain_db", master.gain_db, level_range);
  if (entry.has("target_lufs")) master.goal.target_lufs = entry.number("target_lufs", {-70.0, 0.0});
  if (entry.has("ceiling_db")) master.goal.ceiling_db = entry.number("ceiling_db", level_range);
  return master;
}

}  // namespace

std::string to_json(const mix::Session& document, const std::string& recipe, bool compact) {
  json::Object root = json::begin_document(format, version, recipe);
  if (document.sample_rate > 0) root["sample_rate"] = document.sample_rate;
  if (document.duration > 0.0) root["duration"] = json::number(document.duration);
  json::Object& tracks = root["tracks"] = json::Object::array();
  for (const mix::Track& track : document.tracks) tracks.push_back(written(track));
  json::Object& master = root["master"] = {{"gain_db", json::number(document.master.gain_db)}};
  if (document.master.goal.target_lufs) master["target_lufs"] = json::number(*document.master.goal.target_lufs);
  if (document.master.goal.ceiling_db) master["ceiling_db"] = json::number(*document.master.goal.ceiling_db);
  return json::dump(root, compact);
}

mix::Session session_from_json(std::string_view text) {
  const json::Document parsed(text, format, version);
  const json::Reader& root = parsed.root();
  mix::Session session;
  session.sample_rate = root.integer_or("sample_rate", 0, 1000, 768000);
  session.duration = root.number_or("duration", session.duration, {0.0, longest_document_seconds});
  for (const json::Reader& track : root.array("tracks"))
    session.tracks.push_back(read_track(track, session.tracks.size() + 1));
  if (const auto master = root.object_if("master")) session.master = read_master(*master);
  return session;
}

}  // namespace sfa::io
