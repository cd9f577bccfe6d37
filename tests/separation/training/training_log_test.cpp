#include "sfa/training/training_log.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::training;

namespace {

const std::string begun = to_line(Begun{0, 12, 3400000, 1000, 7}) + "\n";
const std::string learnt_50 = to_line(Learnt{50, -1.23456, 2.5, 0.00123456, 45.67, 0.0123}) + "\n";
const std::string learnt_100 = to_line(Learnt{100, -2.5, 1.5, 0.002, 45.0, 0.0}) + "\n";
const std::string judged_100 = to_line(Judged{100, {{"vocals", 1.5}, {"drums", -0.5}, {"mean", 0.5}}}) + "\n";

}  // namespace

TEST_CASE("reports are JSON objects with their step") {
  CHECK(nlohmann::json::parse(begun) == nlohmann::json{{"step", 0}, {"songs", 12}, {"parameters", 3400000}, {"steps", 1000}, {"seed", 7}});
  const auto learnt = nlohmann::json::parse(learnt_50);
  CHECK(learnt["step"] == 50);
  CHECK(learnt["loss_db"] == doctest::Approx(-1.2346));
  CHECK(learnt["learning_rate"] == doctest::Approx(0.00123));
  CHECK(nlohmann::json::parse(judged_100)["nsdr_db"]["vocals"] == 1.5);
  const auto odd = to_line(Judged{1, {{"a \"b\"\n", 1.0}}});
  CHECK(odd.find('\n') == std::string::npos);
  CHECK(nlohmann::json::parse(odd)["nsdr_db"].begin().key() == "a \"b\"\n");
}

TEST_CASE("a log is read as it was written, stems in their order") {
  const auto log = parse_log(begun + learnt_50 + learnt_100 + judged_100);
  REQUIRE(log.learnt.size() == 2);
  CHECK(log.learnt[1].step == 100);
  CHECK(log.learnt[1].loss_db == -2.5);
  REQUIRE(log.judged.size() == 1);
  CHECK(log.judged[0].nsdr_db == std::vector<std::pair<std::string, double>>{{"vocals", 1.5}, {"drums", -0.5}, {"mean", 0.5}});
  CHECK(parse_log("").learnt.empty());
}

TEST_CASE("a last line that was broken off is passed over") {
  const auto cut = learnt_100.substr(0, 20);
  CHECK(parse_log(begun + learnt_50 + cut).learnt.size() == 1);
  CHECK(log_until(begun + learnt_50 + cut, 1000) == begun + learnt_50);
}

TEST_CASE("a log up to a step holds what was reported until then, byte for byte") {
  CHECK(log_until(begun + learnt_50 + learnt_100 + judged_100, 100) == begun + learnt_50 + learnt_100 + judged_100);
  CHECK(log_until(begun + learnt_50 + learnt_100 + judged_100, 99) == begun + learnt_50);
  CHECK(log_until("{\"step\": 3,  \"later\": [1]}\n", 3) == "{\"step\": 3,  \"later\": [1]}\n");
}

TEST_CASE("what is no log is refused, and the line named") {
  for (const char* bad : {"hello\n", "[1]\n", "{}\n", "{\"step\":\"1\"}\n", "{\"step\":-1}\n", "{\"step\":1.5}\n", "{\"step\":1\n"}) {
    CAPTURE(bad);
    CHECK_THROWS_WITH_AS((void)parse_log(begun + bad), "line 2: is no report of a training run", Error);
    CHECK_THROWS_AS((void)log_until(begun + bad, 0), Error);
  }
  CHECK_THROWS_AS((void)parse_log(std::string(100000, '[') + "\n"), Error);
  CHECK(parse_log("{\"step\":1,\"loss_db\":\"x\",\"nsdr_db\":7}\n").judged.empty());
}
