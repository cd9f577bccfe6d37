#include "sfa/io/json_session.hpp"

#include <doctest/doctest.h>

#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::mix;

TEST_CASE("a session survives being written and read") {
  Session session;
  session.sample_rate = 48000;
  session.duration = 12.5;
  session.master = {-2.0, {-14.0, -1.0}};
  session.tracks.resize(2);
  session.tracks[0] = {.name = "voice \"lead\"", .clips = {}, .gain_db = -3.25, .pan = -0.1,
                       .pan_law = PanLaw::compromise, .mute = true, .solo = true};
  session.tracks[1].name = "drums";
  session.tracks[1].clips = {{.path = "a/b.wav", .position = 1.5, .start = 0.1, .duration = 2.0, .gain_db = 1,
                              .fade_in = 0.01, .fade_out = 0.3, .fade_shape = FadeShape::linear},
                             {.path = "c.flac"}};
  const auto text = io::to_json(session, "sfa-mix 0.1.0 abc");
  CHECK(io::to_json(io::session_from_json(text), "sfa-mix 0.1.0 abc") == text);
  const auto read = io::session_from_json(text);
  CHECK(read.tracks[0].pan_law == PanLaw::compromise);
  CHECK(read.tracks[1].clips[0].fade_shape == FadeShape::linear);
  CHECK(read.tracks[1].clips[1].duration == -1.0);
  CHECK(read.master.goal.target_lufs == -14.0);
  CHECK(read.master.goal.ceiling_db == -1.0);
}

TEST_CASE("what a session leaves out has its default") {
  const auto session = io::session_from_json(
      R"({"format":"sfa.session","version":1,"later":{},"tracks":[{"clips":[{"path":"x.wav"}]}]})");
  REQUIRE(session.tracks.size() == 1);
  CHECK(session.tracks[0].name == "track 1");
  CHECK(session.tracks[0].pan_law == PanLaw::balance);
  CHECK(session.tracks[0].clips[0].duration == -1.0);
  CHECK(session.tracks[0].clips[0].fade_shape == FadeShape::equal_power);
  CHECK_FALSE(session.master.goal.target_lufs.has_value());
}

TEST_CASE("a session that says nonsense is refused, by the member's name") {
  const auto complaint = [](const std::string& tracks) {
    try {
      (void)io::session_from_json(R"({"format":"sfa.session","version":1,"tracks":)" + tracks + "}");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  CHECK(complaint(R"([{"clips":[{"path":""}]}])").find("tracks[0].clips[0].path") == 0);
  CHECK(complaint(R"([{"clips":[{"path":"x","position":-1}]}])").find("tracks[0].clips[0].position") == 0);
  CHECK(complaint(R"([{"clips":[{"path":"x","duration":1e300}]}])").find("tracks[0].clips[0].duration") == 0);
  CHECK(complaint(R"([{"clips":[{"path":"x","fade_shape":"s"}]}])").find("tracks[0].clips[0].fade_shape") == 0);
  CHECK(complaint(R"([{"clips":[],"pan":2}])").find("tracks[0].pan") == 0);
  CHECK(complaint(R"([{"clips":[],"pan_law":"loud"}])").find("tracks[0].pan_law") == 0);
  CHECK(complaint(R"([{"clips":{}}])").find("tracks[0].clips") == 0);
  CHECK(complaint(R"([7])").find("tracks[0]") == 0);
  CHECK(complaint(R"({})").find("tracks") == 0);
}
