#include "sfa/separation/benchmark.hpp"

#include <doctest/doctest.h>

using namespace sfa;
using namespace sfa::separation;

namespace {

BenchmarkSong song(std::vector<StemScores> stems, Frames frames, double times_real_time) {
  return {"song", {"", "", SampleRate{1000}, 2, frames}, {}, std::move(stems), times_real_time};
}

}  // namespace

TEST_CASE("means and medians are of the scores that are there") {
  const std::vector<StemScores> scores{
      {{1.0, 2.0}, {-1.0, {}}}, {{4.0, {}}, {-4.0, {}}}, {{10.0, 3.0}, {-10.0, {}}}, {}};
  CHECK(mean(scores).estimate == Scores{5.0, 2.5});
  CHECK(mean(scores).mixture == Scores{-5.0, {}});
  CHECK(median(scores).estimate == Scores{4.0, 2.5});
  CHECK(median(scores).mixture == Scores{-4.0, {}});
  CHECK(mean({}).estimate == Scores{});
}

TEST_CASE("over songs each stem is summed up by itself") {
  Benchmark benchmark;
  benchmark.stems = {"drums", "vocals"};
  benchmark.songs = {song({{{1.0, 1.0}, {}}, {{5.0, 5.0}, {}}}, 1000, 1.0), song({{{3.0, 2.0}, {}}, {}}, 1000, 1.0)};
  const auto means = over_songs(benchmark, mean);
  REQUIRE(means.size() == 2);
  CHECK(means[0].estimate == Scores{2.0, 1.5});
  CHECK(means[1].estimate == Scores{5.0, 5.0});
}

TEST_CASE("the speed of all is their length over their time") {
  Benchmark benchmark;
  CHECK(speed(benchmark) == 0.0);
  benchmark.songs = {song({}, 60000, 20.0), song({}, 60000, 30.0)};  // 3 s and 2 s
  CHECK(speed(benchmark) == doctest::Approx(24.0));
}
