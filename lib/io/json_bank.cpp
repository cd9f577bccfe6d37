#include "sfa/io/json_bank.hpp"

#include "json_reader.hpp"
#include "json_source.hpp"

namespace sfa::io {
namespace {

constexpr const char* format = "sfa.bank";
constexpr int version = 1;
constexpr int largest_id = 1000000000;  // so that the ids that follow it unsaid have room
constexpr double level_floor_db = -120.0, level_ceiling_db = 800.0;  // the largest float is 770 dBFS

json::Object written(const slicing::Slice& slice, SampleRate rate) {
  json::Object entry = {{"id", slice.id},
                        {"begin", slice.range.begin},
                        {"end", slice.range.end},
                        {"time", json::number(to_seconds(slice.range.begin, rate).value)},
                        {"duration", json::number(to_seconds(slice.range.size(), rate).value)},
                        {"class", slicing::name(slice.kind)}};
  if (slice.note >= 0) entry["note"] = slice.note;
  entry["peak_db"] = json::number(slice.features.peak_db);
  entry["rms_db"] = json::number(slice.features.rms_db);
  entry["centroid_hz"] = json::number(slice.features.centroid_hz);
  entry["flatness"] = json::number(slice.features.flatness);
  entry["attack"] = json::number(slice.features.attack);
  entry["fade_in_frames"] = slice.fade_in_frames;
  entry["fade_out_frames"] = slice.fade_out_frames;
  if (!slice.path.empty()) entry["path"] = slice.path;
  return entry;
}

slicing::SliceFeatures read_features(const json::Reader& entry) {
  slicing::SliceFeatures features;
  features.peak_db = entry.number_or("peak_db", features.peak_db, {level_floor_db, level_ceiling_db});
  features.rms_db = entry.number_or("rms_db", features.rms_db, {level_floor_db, level_ceiling_db});
  features.centroid_hz = entry.number_or("centroid_hz", features.centroid_hz, {.min = 0.0});
  features.flatness = entry.number_or("flatness", features.flatness, {0.0, 1.0});
  features.attack = entry.number_or("attack", features.attack, {.min = 0.0});
  return features;
}

slicing::Slice read_slice(const json::Reader& entry, int next_id, const Source& source) {
  slicing::Slice slice;
  slice.id = entry.integer_or("id", next_id, 0, largest_id);
  if (slice.id < next_id) entry.fail("id", "above the id of the slice before it");
  slice.range.begin = entry.integer<Frames>("begin");
  slice.range.end = entry.integer<Frames>("end");
  if (slice.range.empty()) entry.fail("end", "a frame after begin");
  if (slice.range.end > source.frames) entry.fail("end", "within the source's frames");
  const auto kind = slicing::slice_class(entry.text_or("class", slicing::name(slice.kind)));
  if (!kind) entry.fail("class", "kick, snare, hat, cymbal, tom, percussion, tonal, noise or silence");
  slice.kind = *kind;
  slice.note = entry.integer_or("note", slice.note, 0, 127);
  slice.features = read_features(entry);
  slice.fade_in_frames = entry.integer_or("fade_in_frames", 0);
  slice.fade_out_frames = entry.integer_or("fade_out_frames", 0);
  slice.path = entry.text_or("path", "");
  return slice;
}

slicing::Grid read_grid(const json::Reader& entry) {
  slicing::Grid grid;
  grid.bpm = entry.number_or("bpm", 0.0, {0.0, 1e4});
  if (entry.has("beats")) grid.beats = entry.numbers("beats", {.min = 0.0});
  for (std::size_t i = 1; i < grid.beats.size(); ++i)
    if (grid.beats[i] < grid.beats[i - 1]) entry.fail("beats", "in order of time");
  return grid;
}

}  // namespace

std::string to_json(const slicing::Bank& document, const std::string& recipe, bool compact) {
  json::Object root = json::begin_document(format, version, recipe);
  root["source"] = json::written(document.source);
  root["grid"] = {{"bpm", json::number(document.grid.bpm)}, {"beats", document.grid.beats}};
  json::Object& list = root["slices"] = json::Object::array();
  for (const slicing::Slice& slice : document.slices) list.push_back(written(slice, document.source.sample_rate));
  return json::dump(root, compact);
}

slicing::Bank bank_from_json(std::string_view text) {
  const json::Document parsed(text, format, version);
  const json::Reader& root = parsed.root();
  slicing::Bank bank;
  bank.source = json::read_source(root.object("source"));
  if (const auto grid = root.object_if("grid")) bank.grid = read_grid(*grid);
  for (const json::Reader& entry : root.array("slices")) {
    const int next_id = bank.slices.empty() ? 0 : bank.slices.back().id + 1;
    bank.slices.push_back(read_slice(entry, next_id, bank.source));
  }
  return bank;
}

}  // namespace sfa::io
