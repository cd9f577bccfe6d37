#include "sfa/io/json_stems.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

separation::Stems song() {
  const double silent = -std::numeric_limits<double>::infinity();
  return {{"../song.flac", std::string(64, 'c'), SampleRate{44100}, 2, 441000},
          {},
          "spectral",
          "is \"quick\"",
          {},
          0.0,
          {{"drums", "drums.wav", -1.25, -14.5}, {"vocals", "sub/v\xC3\xB6x.wav", silent, silent}}};
}

/// A manifest with this source and these stems.
std::string with(const std::string& source, const std::string& stems) {
  return R"({"format":"sfa.stems","version":1,"source":{)" + source + R"(},"stems":)" + stems + "}";
}

std::string complaint(const std::string& text) {
  try {
    (void)io::stems_from_json(text);
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::invalid_data);
    return error.what();
  }
  return "none";
}

const std::string good_source = R"("sample_rate":44100,"channels":2,"frames":1000)";

}  // namespace

TEST_CASE("a manifest comes back as it was, silence too") {
  const auto text = io::to_json(song(), "sfa-separate 0.1.0 0");
  CHECK(text.find("\"peak_db\": null") != std::string::npos);
  const auto back = io::stems_from_json(text);
  CHECK(io::to_json(back, "sfa-separate 0.1.0 0") == text);
  CHECK(back.source.path == "../song.flac");
  CHECK(back.source.sha256 == std::string(64, 'c'));
  CHECK(back.source.sample_rate == SampleRate{44100});
  CHECK(back.source.channels == 2);
  CHECK(back.source.frames == 441000);
  CHECK(back.engine == "spectral");
  CHECK(back.engine_note == "is \"quick\"");
  REQUIRE(back.stems.size() == 2);
  CHECK(back.stems[0].name == "drums");
  CHECK(back.stems[0].path == "drums.wav");
  CHECK(back.stems[0].peak_db == -1.25);
  CHECK(back.stems[0].loudness_lufs == -14.5);
  CHECK(back.stems[1].path == "sub/v\xC3\xB6x.wav");
  CHECK(back.stems[1].peak_db == -std::numeric_limits<double>::infinity());
  CHECK(back.stems[1].loudness_lufs == -std::numeric_limits<double>::infinity());
}

TEST_CASE("a manifest tells the network, the part of the file and the gain, where there are any") {
  CHECK(io::to_json(song()).find("network") == std::string::npos);
  CHECK(io::to_json(song()).find("range") == std::string::npos);
  CHECK(io::to_json(song()).find("gain_db") == std::string::npos);
  auto stems = song();
  stems.range = {441, 882};
  stems.gain_db = -2.5;
  stems.network = {"htdemucs", {std::string(64, 'a')}, "cpu", "bfloat16", 0.5, 7.75, 3, 18446744073709551615U};
  const auto text = io::to_json(stems);
  const auto back = io::stems_from_json(text);
  CHECK(io::to_json(back) == text);
  CHECK(back.range == FrameRange{441, 882});
  CHECK(back.gain_db == -2.5);
  REQUIRE(back.network);
  CHECK(back.network->model == "htdemucs");
  CHECK(back.network->networks == std::vector{std::string(64, 'a')});
  CHECK(back.network->device == "cpu");
  CHECK(back.network->precision == "bfloat16");
  CHECK(back.network->overlap == 0.5);
  CHECK(back.network->segment_seconds == 7.75);
  CHECK(back.network->shifts == 3);
  CHECK(back.network->seed == 18446744073709551615U);
  CHECK(complaint(with(good_source + R"(},"range":{"begin":5,"end":4)", "[]")).starts_with("range.end: must be"));
}

TEST_CASE("a compact manifest is one line") {
  const auto text = io::to_json(song(), {}, true);
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(io::to_json(io::stems_from_json(text)) == io::to_json(song()));
}

TEST_CASE("a manifest by hand needs no more than names and paths") {
  const auto stems = io::stems_from_json(with(good_source, R"([{"name":"drums","path":"d.wav","colour":"red"}])"));
  CHECK(stems.source.path.empty());
  CHECK(stems.source.sha256.empty());
  CHECK(stems.engine.empty());
  REQUIRE(stems.stems.size() == 1);
  CHECK(stems.stems[0].peak_db == -std::numeric_limits<double>::infinity());
  CHECK(io::stems_from_json(with(good_source, "[]")).stems.empty());
}

TEST_CASE("what is wrong in a manifest is named") {
  CHECK(complaint(with(good_source, R"([{"path":"d.wav"}])")) == "stems[0].name: is missing");
  CHECK(complaint(with(good_source, R"([{"name":"a","path":"a.wav"},{"name":"b"}])")) == "stems[1].path: is missing");
  CHECK(complaint(with(good_source, R"([{"name":"a","path":""}])")) == "stems[0].path: must be the name of a file");
  CHECK(complaint(with(good_source, R"([{"name":"a","path":"a\u0000b"}])")) == "stems[0].path: must be a string without NUL");
  CHECK(complaint(with(good_source, R"([{"name":1,"path":"a"}])")) == "stems[0].name: must be a string");
  CHECK(complaint(with(good_source, R"([{"name":"a","path":"a","peak_db":"loud"}])")).starts_with("stems[0].peak_db: must be"));
  CHECK(complaint(with(good_source, "7")) == "stems: must be an array");
  CHECK(complaint(with(good_source, "[7]")).starts_with("stems[0]: must be an object"));
  CHECK(complaint(R"({"format":"sfa.stems","version":1,"stems":[]})") == "source: is missing");
  CHECK(complaint(with(R"("sample_rate":999,"channels":2,"frames":1)", "[]")).starts_with("source.sample_rate: must be"));
  CHECK(complaint(with(R"("sample_rate":44100,"channels":65,"frames":1)", "[]")).starts_with("source.channels: must be"));
  CHECK(complaint(with(R"("sample_rate":44100,"channels":2,"frames":-1)", "[]")).starts_with("source.frames: must be"));
  CHECK(complaint(with(good_source + R"(,"sha256":"ABC")", "[]")) == "source.sha256: must be 64 lower-case hex digits");
  CHECK(complaint(R"({"format":"sfa.bank","version":1})") == "is a sfa.bank document, wanted sfa.stems");
  CHECK(complaint("{") != "none");
}

TEST_CASE("a manifest of a later version is refused as that") {
  try {
    (void)io::stems_from_json(R"({"format":"sfa.stems","version":2})");
    FAIL("was read");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::unsupported);
  }
}
