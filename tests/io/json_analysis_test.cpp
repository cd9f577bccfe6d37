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
  CHECK(complaint(R"("loudness":{"integrated_lufs":"loud","true_peak_db":0})").starts_with("loudness.integrated"));
}
