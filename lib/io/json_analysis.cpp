#include "sfa/io/json_analysis.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "json_reader.hpp"
#include "json_source.hpp"

// This file writes; json_analysis_reading.cpp reads.
namespace sfa::io {
namespace {

using namespace analysis;
using json::Object;

// What the numbers are good for, and then some: microseconds, thousandths elsewhere.
Object time(double seconds) { return json::number(std::round(seconds * 1e6) / 1e6); }
Object thousandths(double value) { return json::number(std::round(value * 1e3) / 1e3); }

/// Six digits of features and curves, which are long.
Object digits(double value) {
  if (!std::isfinite(value)) return nullptr;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific, 5).ptr;
  std::from_chars(text.begin(), end, value);
  return value;
}

Object curve(std::span<const float> values) {
  Object numbers = Object::array();
  for (const float value : values) numbers.push_back(digits(static_cast<double>(value)));
  return numbers;
}

Object written(const TempoCandidate& candidate) {
  return {{"bpm", thousandths(candidate.bpm)}, {"weight", thousandths(candidate.weight)}};
}

Object written(const Meter& meter) {
  return {{"beats_per_bar", meter.beats_per_bar}, {"confidence", thousandths(meter.confidence)}};
}

Object written(const GridSegment& segment) {
  return {{"time", time(segment.time)},
          {"bpm", thousandths(segment.bpm)},
          {"beats", segment.beats},
          {"first_position", segment.first_position}};
}

Object written(const Beat& beat) {
  Object entry = {{"time", time(beat.time)}, {"confidence", thousandths(beat.confidence)}};
  if (beat.position > 0) entry["position"] = beat.position;
  return entry;
}

Object written(const Key& key) {
  Object entry = {{"name", key.name}};
  if (key.tonic >= 0) {
    entry["tonic"] = key.tonic;
    entry["mode"] = key.minor ? "minor" : "major";
    entry["camelot"] = key.camelot;
    if (!key.open_key.empty()) entry["open_key"] = key.open_key;
    entry["tuning_cents"] = thousandths(key.tuning_cents);
  }
  entry["confidence"] = thousandths(key.confidence);
  return entry;
}

/// Begins with where it lies.
Object placed(double begin, double duration, Object what) {
  Object entry = {{"time", time(begin)}, {"duration", time(duration)}};
  entry.update(what);
  return entry;
}

Object written(const KeySpan& span) { return placed(span.time, span.duration, written(span.key)); }

Object written(const Chord& chord) {
  Object entry = {{"name", chord.name}};
  if (chord.root >= 0) {
    entry["root"] = chord.root;
    entry["quality"] = chord.minor ? "minor" : "major";
  }
  entry["confidence"] = thousandths(chord.confidence);
  return placed(chord.time, chord.duration, entry);
}

Object written(const Loudness& loudness) {
  Object entry = {{"integrated_lufs", thousandths(loudness.integrated_lufs)},
                  {"range_lu", thousandths(loudness.range_lu)},
                  {"true_peak_db", thousandths(loudness.true_peak_db)},
                  {"maximum_momentary_lufs", thousandths(loudness.maximum_momentary_lufs)},
                  {"maximum_short_term_lufs", thousandths(loudness.maximum_short_term_lufs)}};
  if (loudness.step > 0.0)
    entry["curves"] = {{"step", time(loudness.step)},
                       {"momentary_lufs", curve(loudness.momentary_lufs)},
                       {"short_term_lufs", curve(loudness.short_term_lufs)}};
  return entry;
}

Object written(const Section& section) {
  return placed(section.time, section.duration,
                {{"label", section.label},
                 {"role", section.role},
                 {"first_bar", section.first_bar},
                 {"bars", section.bars},
                 {"confidence", thousandths(section.confidence)},
                 {"role_confidence", thousandths(section.role_confidence)}});
}

Object written(const Cue& cue) {
  return {{"type", cue.type},
          {"time", time(cue.time)},
          {"bar", cue.bar},
          {"phrase_bars", cue.phrase_bars},
          {"confidence", thousandths(cue.confidence)}};
}

Object written(const Loop& loop) {
  Object entry = placed(loop.time, loop.duration,
                        {{"start_frame", loop.range.begin},
                         {"end_frame", loop.range.end},
                         {"bars", loop.bars},
                         {"seamlessness", thousandths(loop.seamlessness)},
                         {"score", thousandths(loop.score)}});
  if (!loop.stem.empty()) entry["stem"] = loop.stem;
  return entry;
}

Object written(const Statistics& row) {
  return {{"mean", digits(row.mean)},
          {"deviation", digits(row.deviation)},
          {"minimum", digits(row.minimum)},
          {"maximum", digits(row.maximum)},
          {"median", digits(row.median)}};
}

Object written(const StemQuality& stem) {
  return {{"name", stem.name},
          {"path", stem.path},
          {"loudness_lufs", thousandths(stem.loudness_lufs)},
          {"silence", thousandths(stem.silence)},
          {"leakage_db", thousandths(stem.leakage_db)},
          {"quality", thousandths(stem.quality)},
          {"worth_looping", stem.worth_looping}};
}

Object written(const Feature& feature);

template <typename Part>
Object list(const std::vector<Part>& parts) {
  Object entries = Object::array();
  for (const auto& part : parts) entries.push_back(written(part));
  return entries;
}

Object written(const Tempo& tempo) {
  return {{"bpm", thousandths(tempo.bpm)},
          {"confidence", thousandths(tempo.confidence)},
          {"alternatives", list(tempo.alternatives)},
          {"steady", tempo.steady},
          {"drift_percent", thousandths(tempo.drift_percent)},
          {"swing", thousandths(tempo.swing)}};
}

Object written(const Feature& feature) {
  Object entry = {{"name", feature.name},
                  {"hop", time(feature.hop)},
                  {"rows", feature.rows},
                  {"statistics", list(feature.statistics)}};
  if (!feature.values.empty()) entry["values"] = curve(feature.values);
  return entry;
}

Object downbeats(const std::vector<Beat>& beats) {
  Object times = Object::array();
  for (const auto& beat : beats)
    if (beat.position == 1) times.push_back(time(beat.time));
  return times;
}

}  // namespace

std::string to_json(const Analysis& document, const std::string& recipe, bool compact) {
  Object root = json::begin_document("sfa.analysis", 1, recipe);
  root["source"] = json::written(document.source);
  root["container"] = document.container;
  root["encoding"] = document.encoding;
  root["start"] = time(document.start);
  root["duration"] = time(document.duration);
  root["tempo"] = written(document.tempo);
  root["meter"] = written(document.meter);
  root["key"] = written(document.key);
  if (document.runner_up) root["key"]["runner_up"] = written(*document.runner_up);
  root["loudness"] = written(document.loudness);
  root["sections"] = list(document.sections);
  root["cues"] = list(document.cues);
  root["loops"] = list(document.loops);
  root["keys"] = list(document.keys);
  root["chords"] = list(document.chords);
  root["grid"] = list(document.grid);
  root["downbeats"] = downbeats(document.beats);
  root["beats"] = list(document.beats);
  if (!document.features.empty()) root["features"] = list(document.features);
  if (!document.stems.empty()) root["stems"] = list(document.stems);
  return json::dump(root, compact);
}

}  // namespace sfa::io
