#include "sfa/io/json_analysis.hpp"

#include <cmath>

#include "json_reader.hpp"
#include "json_source.hpp"

namespace sfa::io {
namespace {

constexpr const char* format = "sfa.analysis";
constexpr int version = 1;

// What the numbers are good for, and then some: microseconds, thousandths elsewhere.
json::Object time(double seconds) { return json::number(std::round(seconds * 1e6) / 1e6); }
json::Object thousandths(double value) { return json::number(std::round(value * 1e3) / 1e3); }

json::Object written(const analysis::Key& key) {
  json::Object entry = {{"name", key.name}};
  if (key.tonic >= 0) {
    entry["tonic"] = key.tonic;
    entry["mode"] = key.minor ? "minor" : "major";
    entry["camelot"] = key.camelot;
    entry["tuning_cents"] = thousandths(key.tuning_cents);
  }
  entry["confidence"] = thousandths(key.confidence);
  return entry;
}

json::Object written(const analysis::Loudness& loudness) {
  return {{"integrated_lufs", thousandths(loudness.integrated_lufs)},
          {"range_lu", thousandths(loudness.range_lu)},
          {"true_peak_db", thousandths(loudness.true_peak_db)}};
}

analysis::Key read_key(const json::Reader& entry) {
  analysis::Key key;
  key.name = entry.text("name");
  key.tonic = entry.integer_or("tonic", -1, 0, 11);
  const auto mode = entry.text_or("mode", "major");
  if (mode != "major" && mode != "minor") entry.fail("mode", "major or minor");
  key.minor = mode == "minor";
  key.camelot = entry.text_or("camelot", "");
  key.confidence = entry.number_or("confidence", 0.0, {0.0, 1.0});
  key.tuning_cents = entry.number_or("tuning_cents", 0.0, {-50.0, 50.0});
  return key;
}

std::vector<analysis::Beat> read_beats(const json::Reader& root) {
  std::vector<analysis::Beat> beats;
  for (const json::Reader& entry : root.array_or_empty("beats")) {
    const double least = beats.empty() ? 0.0 : beats.back().time;
    beats.push_back({entry.number("time", {.min = 0.0}), entry.number_or("confidence", 0.0, {0.0, 1.0})});
    if (beats.back().time < least) entry.fail("time", "not before the beat before it");
  }
  return beats;
}

}  // namespace

std::string to_json(const analysis::Analysis& document, const std::string& recipe, bool compact) {
  json::Object root = json::begin_document(format, version, recipe);
  root["source"] = json::written(document.source);
  root["container"] = document.container;
  root["encoding"] = document.encoding;
  root["start"] = time(document.start);
  root["duration"] = time(document.duration);
  root["tempo"] = {{"bpm", thousandths(document.tempo.bpm)}, {"confidence", thousandths(document.tempo.confidence)}};
  root["key"] = written(document.key);
  root["loudness"] = written(document.loudness);
  json::Object& beats = root["beats"] = json::Object::array();
  for (const auto& beat : document.beats)
    beats.push_back({{"time", time(beat.time)}, {"confidence", thousandths(beat.confidence)}});
  return json::dump(root, compact);
}

analysis::Analysis analysis_from_json(std::string_view text) {
  const json::Document parsed(text, format, version);
  const json::Reader& root = parsed.root();
  analysis::Analysis document;
  document.source = json::read_source(root.object("source"));
  document.container = root.text_or("container", "");
  document.encoding = root.text_or("encoding", "");
  document.start = root.number_or("start", 0.0, {.min = 0.0});
  document.duration = root.number("duration", {.min = 0.0});
  if (const auto tempo = root.object_if("tempo")) {
    document.tempo.bpm = tempo->number("bpm", {0.0, 1e4});
    document.tempo.confidence = tempo->number_or("confidence", 0.0, {0.0, 1.0});
  }
  if (const auto key = root.object_if("key")) document.key = read_key(*key);
  if (const auto loudness = root.object_if("loudness")) {
    document.loudness.integrated_lufs = loudness->level("integrated_lufs");
    document.loudness.range_lu = loudness->number_or("range_lu", 0.0, {.min = 0.0});
    document.loudness.true_peak_db = loudness->level("true_peak_db");
  }
  document.beats = read_beats(root);
  return document;
}

}  // namespace sfa::io
