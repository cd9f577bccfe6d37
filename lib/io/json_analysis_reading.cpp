#include <algorithm>
#include <limits>

#include "json_reader.hpp"
#include "json_source.hpp"
#include "sfa/io/json_analysis.hpp"

namespace sfa::io {
namespace {

using namespace analysis;
using json::Reader;

constexpr json::Between share{0.0, 1.0}, not_negative{.min = 0.0}, beats_a_minute{0.0, 1e4};

template <typename Part>
std::vector<Part> read_list(const Reader& root, const char* name, Part (*read)(const Reader&)) {
  std::vector<Part> parts;
  for (const Reader& entry : root.array_or_empty(name)) parts.push_back(read(entry));
  return parts;
}

TempoCandidate read_candidate(const Reader& entry) {
  return {entry.number("bpm", beats_a_minute), entry.number_or("weight", 0.0, share)};
}

Tempo read_tempo(const Reader& entry) {
  Tempo tempo;
  tempo.bpm = entry.number("bpm", beats_a_minute);
  tempo.confidence = entry.number_or("confidence", 0.0, share);
  tempo.alternatives = read_list(entry, "alternatives", read_candidate);
  tempo.steady = entry.flag_or("steady", false);
  tempo.drift_percent = entry.number_or("drift_percent", 0.0);
  tempo.swing = entry.number_or("swing", 0.5, share);
  return tempo;
}

GridSegment read_segment(const Reader& entry) {
  return {entry.number("time"), entry.number("bpm", beats_a_minute), entry.integer("beats"),
          entry.integer_or("first_position", 0)};
}

std::vector<Beat> read_beats(const Reader& root) {
  std::vector<Beat> beats;
  for (const Reader& entry : root.array_or_empty("beats")) {
    const double least = beats.empty() ? 0.0 : beats.back().time;
    beats.push_back({entry.number("time", not_negative), entry.number_or("confidence", 0.0, share),
                     entry.integer_or("position", 0)});
    if (beats.back().time < least) entry.fail("time", "not before the beat before it");
  }
  return beats;
}

bool is_minor(const Reader& entry, const char* name) {
  const auto mode = entry.text_or(name, "major");
  if (mode != "major" && mode != "minor") entry.fail(name, "major or minor");
  return mode == "minor";
}

Key read_key(const Reader& entry) {
  Key key;
  key.name = entry.text("name");
  key.tonic = entry.integer_or("tonic", -1, 0, 11);
  key.minor = is_minor(entry, "mode");
  key.camelot = entry.text_or("camelot", "");
  key.open_key = entry.text_or("open_key", "");
  key.confidence = entry.number_or("confidence", 0.0, share);
  key.tuning_cents = entry.number_or("tuning_cents", 0.0, {-50.0, 50.0});
  return key;
}

KeySpan read_key_span(const Reader& entry) {
  return {entry.number("time", not_negative), entry.number("duration", not_negative), read_key(entry)};
}

Chord read_chord(const Reader& entry) {
  return {entry.number("time", not_negative), entry.number("duration", not_negative),
          entry.integer_or("root", -1, 0, 11), is_minor(entry, "quality"),
          entry.text("name"), entry.number_or("confidence", 0.0, share)};
}

std::vector<float> read_curve(const Reader& entry, const char* name) {
  std::vector<float> values;
  if (!entry.value(name).is_array()) entry.fail(name, "an array of numbers");
  for (const auto& value : entry.value(name)) {
    if (!value.is_number() && !value.is_null()) entry.fail(name, "an array of numbers and null");
    constexpr double most = std::numeric_limits<float>::max();
    values.push_back(value.is_null() ? -std::numeric_limits<float>::infinity()
                                     : static_cast<float>(std::clamp(value.get<double>(), -most, most)));
  }
  return values;
}

Loudness read_loudness(const Reader& entry) {
  Loudness loudness;
  loudness.integrated_lufs = entry.level("integrated_lufs");
  loudness.range_lu = entry.number_or("range_lu", 0.0, not_negative);
  loudness.true_peak_db = entry.level("true_peak_db");
  loudness.maximum_momentary_lufs = entry.level("maximum_momentary_lufs");
  loudness.maximum_short_term_lufs = entry.level("maximum_short_term_lufs");
  if (const auto curves = entry.object_if("curves")) {
    loudness.step = curves->number("step", not_negative);
    loudness.momentary_lufs = read_curve(*curves, "momentary_lufs");
    loudness.short_term_lufs = read_curve(*curves, "short_term_lufs");
  }
  return loudness;
}

Section read_section(const Reader& entry) {
  Section section;
  section.time = entry.number("time", not_negative);
  section.duration = entry.number("duration", not_negative);
  section.label = entry.text_or("label", "");
  section.role = entry.text_or("role", "");
  section.first_bar = entry.integer_or("first_bar", 0);
  section.bars = entry.integer_or("bars", 0);
  section.confidence = entry.number_or("confidence", 0.0, share);
  section.role_confidence = entry.number_or("role_confidence", 0.0, share);
  return section;
}

Cue read_cue(const Reader& entry) {
  return {entry.text("type"), entry.number("time", not_negative), entry.integer_or("bar", 0),
          entry.integer_or("phrase_bars", 0), entry.number_or("confidence", 0.0, share)};
}

Loop read_loop(const Reader& entry) {
  Loop loop;
  loop.time = entry.number("time", not_negative);
  loop.duration = entry.number("duration", not_negative);
  loop.range.begin = entry.integer<Frames>("start_frame");
  loop.range.end = entry.integer<Frames>("end_frame", loop.range.begin);
  loop.bars = entry.integer_or("bars", 0);
  loop.seamlessness = entry.number_or("seamlessness", 0.0, share);
  loop.score = entry.number_or("score", 0.0, share);
  loop.stem = entry.text_or("stem", "");
  return loop;
}

Statistics read_statistics(const Reader& entry) {
  const auto value = [&](const char* name) { return entry.number_or(name, 0.0); };
  return {value("mean"), value("deviation"), value("minimum"), value("maximum"), value("median")};
}

Feature read_feature(const Reader& entry) {
  Feature feature;
  feature.name = entry.text("name");
  feature.hop = entry.number("hop", not_negative);
  feature.rows = entry.integer("rows", 1);
  feature.statistics = read_list(entry, "statistics", read_statistics);
  if (entry.has("values")) feature.values = read_curve(entry, "values");
  if (feature.values.size() % static_cast<std::size_t>(feature.rows) != 0)
    entry.fail("values", "whole frames of \"rows\" numbers");
  return feature;
}

StemQuality read_stem(const Reader& entry) {
  return {entry.text("name"), entry.text_or("path", ""), entry.level("loudness_lufs"),
          entry.number_or("silence", 0.0, share), entry.level("leakage_db"),
          entry.number_or("quality", 0.0, share), entry.flag_or("worth_looping", false)};
}

}  // namespace

Analysis analysis_from_json(std::string_view text) {
  const json::Document parsed(text, "sfa.analysis", 1);
  const Reader& root = parsed.root();
  Analysis document;
  document.source = json::read_source(root.object("source"));
  document.container = root.text_or("container", "");
  document.encoding = root.text_or("encoding", "");
  document.start = root.number_or("start", 0.0, not_negative);
  document.duration = root.number("duration", not_negative);
  if (const auto tempo = root.object_if("tempo")) document.tempo = read_tempo(*tempo);
  if (const auto meter = root.object_if("meter"))
    document.meter = {meter->integer("beats_per_bar"), meter->number_or("confidence", 0.0, share)};
  if (const auto key = root.object_if("key")) {
    document.key = read_key(*key);
    if (const auto second = key->object_if("runner_up")) document.runner_up = read_key(*second);
  }
  if (const auto loudness = root.object_if("loudness")) document.loudness = read_loudness(*loudness);
  document.sections = read_list(root, "sections", read_section);
  document.cues = read_list(root, "cues", read_cue);
  document.loops = read_list(root, "loops", read_loop);
  document.keys = read_list(root, "keys", read_key_span);
  document.chords = read_list(root, "chords", read_chord);
  document.grid = read_list(root, "grid", read_segment);
  document.beats = read_beats(root);
  document.features = read_list(root, "features", read_feature);
  document.stems = read_list(root, "stems", read_stem);
  return document;
}

}  // namespace sfa::io
