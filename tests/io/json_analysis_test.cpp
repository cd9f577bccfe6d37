#include "sfa/io/json_analysis.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

analysis::Analysis song() {
  analysis::Analysis document;
  document.source = {"song.wav", std::string(64, 'a'), SampleRate{48000}, 2, 96000};
  document.start = 0.5;
  document.duration = 1.5;
  document.container = "WAV";
  document.encoding = "16-bit PCM";
  document.tempo = {123.456, 0.75};
  document.beats = {{0.5, 1.0}, {0.986, 0.25}};
  document.key = {9, true, "A minor", "8A", 0.5, -12.5};
  document.loudness = {-14.2, 4.1, -0.8};
  return document;
}

/// With something in every member.
analysis::Analysis full_song() {
  auto document = song();
  document.tempo.alternatives = {{61.728, 0.2}, {246.912, 0.05}};
  document.tempo.steady = true;
  document.tempo.drift_percent = -0.5;
  document.tempo.swing = 0.62;
  document.meter = {3, 0.5};
  document.grid = {{0.5, 123.456, 1, 1}};
  document.beats = {{0.5, 1.0, 1}, {0.986, 0.25, 2}};
  document.key.open_key = "1m";
  document.runner_up = document.key;
  document.runner_up->name = "C major";
  document.keys = {{0.5, 1.5, document.key}};
  document.chords = {{0.5, 0.486, 9, true, "Am", 0.75}, {0.986, 1.014, -1, false, "N", 0.5}};
  document.loudness.maximum_momentary_lufs = -10.5;
  document.loudness.maximum_short_term_lufs = -12.0;
  document.loudness.step = 0.1;
  document.loudness.momentary_lufs = {-10.5F, -std::numeric_limits<float>::infinity()};
  document.loudness.short_term_lufs = {-12.0F};
  document.sections = {{0.5, 1.5, "A", "verse", 0, 1, 0.75, 0.25}};
  document.cues = {{"mix_in", 0.5, 0, 16, 0.5}};
  document.loops = {{0.5, 0.486, {24000, 47328}, 1, 0.9, 0.8, "drums"}};
  document.features = {{"mfcc", 0.0116, 2, {{1.0, 0.5, 0.0, 2.0, 1.0}, {0.125, 0.0, 0.125, 0.125, 0.125}}, {1.5F, 0.125F}}};
  document.stems = {{"drums", "drums.wav", -20.0, 0.25, -std::numeric_limits<double>::infinity(), 0.5, true}};
  return document;
}

std::string complaint(const std::string& members) {
  try {
    (void)io::analysis_from_json(R"({"format":"sfa.analysis","version":1,"source":{"sample_rate":44100,"channels":1,)"
                                 R"("frames":0},"duration":1,)" + members + "}");
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("an analysis that is written and read again is the same") {
  const auto text = io::to_json(song(), "sfa-analyze 0.1.0 0");
  const auto back = io::analysis_from_json(text);
  CHECK(io::to_json(back, "sfa-analyze 0.1.0 0") == text);
  CHECK(back.tempo.bpm == 123.456);
  CHECK(back.beats.at(1).time == 0.986);
  CHECK(back.key.name == "A minor");
  CHECK(back.key.minor);
  CHECK(back.loudness.true_peak_db == -0.8);
  CHECK(back.start == 0.5);
  CHECK(text.find('\n') < text.size() - 1);
  CHECK(io::to_json(song(), {}, true).find('\n') == io::to_json(song(), {}, true).size() - 1);
}

TEST_CASE("every member of an analysis survives writing and reading") {
  const auto text = io::to_json(full_song());
  const auto back = io::analysis_from_json(text);
  CHECK(io::to_json(back) == text);
  CHECK(back.tempo.alternatives.at(1).bpm == 246.912);
  CHECK(back.tempo.steady);
  CHECK(back.meter.beats_per_bar == 3);
  CHECK(back.grid.at(0).beats == 1);
  CHECK(back.beats.at(1).position == 2);
  REQUIRE(back.runner_up);
  CHECK(back.runner_up->name == "C major");
  CHECK(back.keys.at(0).key.open_key == "1m");
  CHECK(back.chords.at(0).minor);
  CHECK(back.chords.at(1).root == -1);
  CHECK(back.loudness.momentary_lufs.at(0) == -10.5F);
  CHECK(std::isinf(back.loudness.momentary_lufs.at(1)));
  CHECK(back.sections.at(0).role == "verse");
  CHECK(back.cues.at(0).phrase_bars == 16);
  CHECK(back.loops.at(0).range.end == 47328);
  CHECK(back.features.at(0).statistics.at(1).mean == 0.125);
  CHECK(back.features.at(0).values.at(1) == 0.125F);
  CHECK(std::isinf(back.stems.at(0).leakage_db));
  CHECK(text.find("\"downbeats\": [\n    0.5\n  ]") != std::string::npos);
}

TEST_CASE("an analysis that found nothing is written without infinities and read again as it was") {
  auto nothing = song();
  const double silent = -std::numeric_limits<double>::infinity();
  nothing.tempo = {};
  nothing.beats.clear();
  nothing.key = {-1, false, "none", "", 0.0, 0.0};
  nothing.loudness = {silent, 0.0, silent};
  const auto text = io::to_json(nothing);
  CHECK(text.find("inf") == std::string::npos);
  const auto back = io::analysis_from_json(text);
  CHECK(back.key.tonic == -1);
  CHECK(std::isinf(back.loudness.integrated_lufs));
  CHECK(io::to_json(back) == text);
}

TEST_CASE("what is wrong in an analysis is named") {
  CHECK(complaint(R"("beats":[])") == "nothing");
  CHECK(complaint(R"("beats":[{"time":1},{"time":0.5}])").starts_with("beats[1].time:"));
  CHECK(complaint(R"("beats":[{"time":-1}])").starts_with("beats[0].time:"));
  CHECK(complaint(R"("beats":[{"time":1e999}])") != "nothing");
  CHECK(complaint(R"("beats":{"time":1})").starts_with("beats:"));
  CHECK(complaint(R"("tempo":{"bpm":-3})").starts_with("tempo.bpm:"));
  CHECK(complaint(R"("tempo":{"bpm":"fast"})").starts_with("tempo.bpm:"));
  CHECK(complaint(R"("key":{"name":"A minor","tonic":12})").starts_with("key.tonic:"));
  CHECK(complaint(R"("key":{"name":"A dorian","tonic":9,"mode":"dorian"})").starts_with("key.mode:"));
  CHECK(complaint(R"("loops":[{"time":1,"duration":1,"start_frame":9,"end_frame":8}])").starts_with("loops[0].end_frame:"));
  CHECK(complaint(R"("features":[{"name":"x","hop":1,"rows":2,"statistics":[],"values":[1]}])").starts_with("features[0].values"));
  CHECK(complaint(R"("features":[{"name":"x","hop":1,"rows":1,"statistics":[],"values":["1"]}])").starts_with("features[0].values"));
  CHECK(complaint(R"("loudness":{"integrated_lufs":"loud","true_peak_db":0})").starts_with("loudness.integrated"));
}
