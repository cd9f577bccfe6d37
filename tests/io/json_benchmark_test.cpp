#include "sfa/io/json_benchmark.hpp"

#include <doctest/doctest.h>

#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

separation::Benchmark benchmark() {
  separation::Benchmark document;
  document.engine = "network";
  document.engine_note = "trained";
  document.network = {"htdemucs", {std::string(64, 'a')}, "cpu", "bfloat16", 0.25, {}, 0, 0};
  document.stems = {"drums", "vocals"};
  document.songs = {{"one", {"songs/one", std::string(64, 'b'), SampleRate{44100}, 2, 88200}, {}, {}, 20.0},
                    {"two", {"songs/two", "", SampleRate{48000}, 1, 48000}, FrameRange{10, 48010}, {}, 10.0}};
  document.songs[0].stems = {{{1.5, 2.5}, {-3.0, -4.0}}, {}};
  document.songs[1].stems = {{{0.5, {}}, {-1.0, -2.0}}, {{6.0, 7.0}, {-8.0, -9.0}}};
  return document;
}

std::string complaint(const std::string& text) {
  try {
    (void)io::benchmark_from_json(text);
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::invalid_data);
    return error.what();
  }
  return "none";
}

std::string with(const std::string& songs) {
  return R"({"format":"sfa.benchmark","version":1,"stems":["drums"],"songs":)" + songs + "}";
}

const std::string source = R"("source":{"sample_rate":44100,"channels":2,"frames":7})";

}  // namespace

TEST_CASE("a benchmark comes back as it was, without scores that there are not") {
  const auto text = io::to_json(benchmark(), "sfa-separate 0.1.0 0");
  const auto back = io::benchmark_from_json(text);
  CHECK(io::to_json(back, "sfa-separate 0.1.0 0") == text);
  CHECK(back.engine == "network");
  CHECK(back.network->precision == "bfloat16");
  CHECK(back.stems == std::vector<std::string>{"drums", "vocals"});
  REQUIRE(back.songs.size() == 2);
  CHECK(back.songs[0].name == "one");
  CHECK(back.songs[0].source.frames == 88200);
  CHECK(back.songs[0].stems[0].mixture == separation::Scores{-3.0, -4.0});
  CHECK(back.songs[0].stems[1].estimate == separation::Scores{});
  CHECK(back.songs[1].range == FrameRange{10, 48010});
  CHECK(back.songs[1].stems[0].estimate == separation::Scores{0.5, {}});
  CHECK(back.songs[1].speed == 10.0);
}

TEST_CASE("means, medians and the speed of all stand beside the scores") {
  const auto text = io::to_json(benchmark());
  const auto summary = text.substr(text.find("\n  \"mean\""));
  CHECK(summary.find("\"nsdr_db\": 1.0,") != std::string::npos);  // of 1.5 and 0.5
  CHECK(summary.find("\"sdr_db\": 2.5,") != std::string::npos);   // of 2.5 alone
  CHECK(summary.find("\n  \"speed\": 15.0") != std::string::npos);  // 3 s in 0.2 s
  CHECK(text.find("\"sdr_db\": null") != std::string::npos);
}

TEST_CASE("what is wrong in a benchmark is named") {
  const auto song = [](const std::string& rest) { return with("[{\"name\":\"x\"," + source + "," + rest + "}]"); };
  CHECK(complaint(with("7")) == "songs: must be an array");
  CHECK(complaint(with(R"([{"name":"x"}])")) == "songs[0].source: is missing");
  CHECK(complaint(song(R"("stems":[])")).starts_with("songs[0].stems: must be one for each"));
  CHECK(complaint(song(R"("stems":[{"name":"bass"}])")) == "songs[0].stems[0].name: must be drums");
  CHECK(complaint(song(R"("stems":[{"name":"drums","sdr_db":"high"}])")).starts_with("songs[0].stems[0].sdr_db: must be"));
  CHECK(complaint(song(R"("stems":[{"name":"drums"}],"speed":-1)")).starts_with("songs[0].speed: must be"));
  CHECK(complaint(song(R"("stems":[{"name":"drums"}])")) == "none");
}
