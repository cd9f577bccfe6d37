#include "sfa/io/json_bank.hpp"

#include <algorithm>
#include <cmath>

#include "json_reader.hpp"
#include "json_source.hpp"

namespace sfa::io {
namespace {

constexpr const char* format = "sfa.bank";
constexpr int version = 1;
constexpr int largest_id = 1000000000;  // so that the ids that follow it unsaid have room
constexpr double most_gain_db = 200.0;
constexpr double level_floor_db = -120.0, level_ceiling_db = 800.0;  // the largest float is 770 dBFS

/// To four decimals: what is measured no finer needs no more digits.
json::Object rounded(double value) { return json::number(std::round(value * 1e4) / 1e4); }

void write_detail(json::Object& entry, const slicing::SliceDetail& detail) {
  entry["loudness_lufs"] = json::number(detail.loudness_lufs);
  entry["bandwidth_hz"] = json::number(detail.bandwidth_hz);
  entry["decay"] = json::number(detail.decay);
  if (detail.pitch_hz > 0.0) {
    entry["pitch_hz"] = json::number(detail.pitch_hz);
    entry["pitch_confidence"] = json::number(detail.pitch_confidence);
  }
  json::Object& mfcc = entry["mfcc"] = json::Object::array();
  for (const float value : detail.mfcc) mfcc.push_back(rounded(value));
}

json::Object written(const slicing::Slice& slice, SampleRate rate) {
  json::Object entry = {{"id", slice.id},
                        {"begin", slice.range.begin},
                        {"end", slice.range.end},
                        {"time", json::number(to_seconds(slice.range.begin, rate).value)},
                        {"duration", json::number(to_seconds(slice.range.size(), rate).value)}};
  if (slice.attack_frame) {
    entry["attack_frame"] = *slice.attack_frame;
    entry["attack_time"] = json::number(to_seconds(*slice.attack_frame, rate).value);
  }
  entry["class"] = slicing::name(slice.kind);
  if (slice.confidence) entry["confidence"] = rounded(*slice.confidence);
  if (slice.group >= 0) entry["group"] = slice.group;
  if (slice.note >= 0) entry["note"] = slice.note;
  entry["peak_db"] = json::number(slice.features.peak_db);
  entry["rms_db"] = json::number(slice.features.rms_db);
  entry["centroid_hz"] = json::number(slice.features.centroid_hz);
  entry["flatness"] = json::number(slice.features.flatness);
  entry["attack"] = json::number(slice.features.attack);
  if (slice.features.detail) write_detail(entry, *slice.features.detail);
  if (slice.gain_db != 0.0) entry["gain_db"] = json::number(slice.gain_db);
  entry["fade_in_frames"] = slice.fade_in_frames;
  entry["fade_out_frames"] = slice.fade_out_frames;
  if (!slice.path.empty()) entry["path"] = slice.path;
  return entry;
}

/// Banks of older versions have none of it.
std::optional<slicing::SliceDetail> read_detail(const json::Reader& entry) {
  if (!entry.has("loudness_lufs")) return {};
  slicing::SliceDetail detail;
  detail.loudness_lufs = entry.number("loudness_lufs", {level_floor_db, level_ceiling_db});
  detail.bandwidth_hz = entry.number_or("bandwidth_hz", 0.0, {.min = 0.0});
  detail.decay = entry.number_or("decay", 0.0, {.min = 0.0});
  detail.pitch_hz = entry.number_or("pitch_hz", 0.0, {.min = 0.0});
  detail.pitch_confidence = entry.number_or("pitch_confidence", 0.0, {0.0, 1.0});
  if (entry.has("mfcc")) {
    const auto mfcc = entry.numbers("mfcc", {-1e6, 1e6});
    if (mfcc.size() != detail.mfcc.size()) entry.fail("mfcc", "13 numbers");
    std::ranges::transform(mfcc, detail.mfcc.begin(), [](double value) { return static_cast<float>(value); });
  }
  return detail;
}

slicing::SliceFeatures read_features(const json::Reader& entry) {
  slicing::SliceFeatures features;
  features.peak_db = entry.number_or("peak_db", features.peak_db, {level_floor_db, level_ceiling_db});
  features.rms_db = entry.number_or("rms_db", features.rms_db, {level_floor_db, level_ceiling_db});
  features.centroid_hz = entry.number_or("centroid_hz", features.centroid_hz, {.min = 0.0});
  features.flatness = entry.number_or("flatness", features.flatness, {0.0, 1.0});
  features.attack = entry.number_or("attack", features.attack, {.min = 0.0});
  features.detail = read_detail(entry);
  return features;
}

std::string known_classes() {
  std::string names;
  const auto classes = slicing::slice_classes();
  for (std::size_t i = 0; i < classes.size(); ++i)
    names += (i == 0 ? "" : i + 1 == classes.size() ? " or " : ", ") + std::string(slicing::name(classes[i]));
  return names;
}

slicing::Slice read_slice(const json::Reader& entry, int next_id, const Source& source) {
  slicing::Slice slice;
  slice.id = entry.integer_or("id", next_id, 0, largest_id);
  if (slice.id < next_id) entry.fail("id", "above the id of the slice before it");
  slice.range.begin = entry.integer<Frames>("begin");
  slice.range.end = entry.integer<Frames>("end");
  if (slice.range.empty()) entry.fail("end", "a frame after begin");
  if (slice.range.end > source.frames) entry.fail("end", "within the source's frames");
  if (entry.has("attack_frame")) {
    slice.attack_frame = entry.integer<Frames>("attack_frame");
    if (!slice.range.contains(*slice.attack_frame)) entry.fail("attack_frame", "a frame from begin to before end");
  }
  const auto kind = slicing::slice_class(entry.text_or("class", slicing::name(slice.kind)));
  if (!kind) entry.fail("class", known_classes());
  slice.kind = *kind;
  if (entry.has("confidence")) slice.confidence = entry.number("confidence", {0.0, 1.0});
  slice.group = entry.integer_or("group", slice.group, 0, largest_id);
  slice.note = entry.integer_or("note", slice.note, 0, 127);
  slice.features = read_features(entry);
  slice.gain_db = entry.number_or("gain_db", 0.0, {-most_gain_db, most_gain_db});
  slice.fade_in_frames = entry.integer_or("fade_in_frames", 0);
  slice.fade_out_frames = entry.integer_or("fade_out_frames", 0);
  slice.path = entry.text_or("path", "");
  return slice;
}

slicing::Grid read_grid(const json::Reader& entry) {
  slicing::Grid grid;
  grid.bpm = entry.number_or("bpm", 0.0, {0.0, 1e4});
  const auto times = [&](const char* name) {
    if (!entry.has(name)) return std::vector<double>{};
    auto values = entry.numbers(name, {.min = 0.0});
    if (!std::ranges::is_sorted(values)) entry.fail(name, "in order of time");
    return values;
  };
  grid.beats = times("beats");
  grid.downbeats = times("downbeats");
  return grid;
}

}  // namespace

std::string to_json(const slicing::Bank& document, const std::string& recipe, bool compact) {
  json::Object root = json::begin_document(format, version, recipe);
  root["source"] = json::written(document.source);
  json::Object& grid = root["grid"] = {{"bpm", json::number(document.grid.bpm)}, {"beats", document.grid.beats}};
  if (!document.grid.downbeats.empty()) grid["downbeats"] = document.grid.downbeats;
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
