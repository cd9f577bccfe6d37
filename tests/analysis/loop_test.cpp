#include "sfa/analysis/loop.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "form.hpp"

namespace analysis = sfa::analysis;
namespace form = sfa::analysis::form;
using analysis::Loop;

TEST_CASE("a loop that comes round with the music is more seamless than one that does not") {
  // The chords of a material come back every 4 bars.
  const auto song = form::make({{'A', 32}});
  const auto bars = song.bars();
  const auto of = [&](int length) {
    const auto loops = analysis::find_loops(song.features, bars, {44100}, {.bars = {length}, .most_of_each = 1});
    REQUIRE(loops.size() == 1);
    return loops[0];
  };
  CHECK(of(4).seamlessness > 0.8);
  CHECK(of(8).seamlessness > 0.8);
  CHECK(of(3).seamlessness < of(4).seamlessness - 0.1);
}

TEST_CASE("loops begin and end on downbeats, to the sample") {
  const auto song = form::make({{'A', 16}, {'B', 16}}, 4, 60.0 / 131.0);
  const auto loops = analysis::find_loops(song.features, song.bars(), {48000});
  REQUIRE(!loops.empty());
  const double bar = 4.0 * 60.0 / 131.0;
  for (const auto& loop : loops) {
    const double first = loop.time / bar;
    CHECK(std::abs(first - std::round(first)) < 1e-9);
    CHECK(loop.duration == doctest::Approx(loop.bars * bar));
    CHECK(loop.range.begin == std::llround(loop.time * 48000.0));
    CHECK(loop.range.end == std::llround((loop.time + loop.duration) * 48000.0));
    CHECK((loop.bars == 1 || loop.bars == 2 || loop.bars == 4 || loop.bars == 8));
    CHECK(loop.score <= loop.seamlessness);
  }
  CHECK(
      std::is_sorted(loops.begin(), loops.end(), [](const Loop& a, const Loop& b) { return a.score > b.score; }));
}

TEST_CASE("loops of one length do not overlap") {
  const auto song = form::make({{'A', 40}});
  const auto loops = analysis::find_loops(song.features, song.bars(), {44100}, {.bars = {8}, .most_of_each = 9});
  CHECK(loops.size() >= 3);
  for (std::size_t i = 0; i < loops.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(intersect(loops[i].range, loops[j].range).empty());
}

TEST_CASE("a loop that holds a jump in level ranks below one that does not") {
  const auto song = form::make({{'A', 8, -14.0F}, {'A', 8, -34.0F}});
  for (const auto& loop :
       analysis::find_loops(song.features, song.bars(), {44100}, {.bars = {4}, .most_of_each = 1}))
    CHECK(loop.time + loop.duration <= 16.0 + 1e-9);
}

TEST_CASE("an unclean stem lowers the score, and is named") {
  const auto song = form::make({{'A', 16}});
  const auto clean = analysis::find_loops(song.features, song.bars(), {44100}, {.stem = "drums"});
  const auto unclean = analysis::find_loops(song.features, song.bars(), {44100}, {.stem = "drums", .clean = 0.5});
  REQUIRE(!clean.empty());
  CHECK(clean[0].stem == "drums");
  CHECK(unclean[0].score == doctest::Approx(0.5 * clean[0].score));
}

TEST_CASE("silence, a lack of bars and nothing have no loops") {
  const auto silent = form::make({{'A', 8, -110.0F, -120.0F}});
  CHECK(analysis::find_loops(silent.features, silent.bars(), {44100}).empty());
  const auto free = form::make({{'A', 8}}, 0);
  CHECK(analysis::find_loops(free.features, free.bars(), {44100}).empty());
  CHECK(analysis::find_loops({}, {}, {44100}).empty());
  const auto one = form::make({{'A', 1}});
  CHECK(analysis::find_loops(one.features, one.bars(), {44100}).size() <= 1);
}

TEST_CASE("a beat is wholly like itself, and less like another") {
  const auto song = form::make({{'A', 1}, {'B', 1}});
  CHECK(analysis::beat_similarity(song.features[0], song.features[0]) == doctest::Approx(1.0));
  CHECK(analysis::beat_similarity(song.features[0], song.features[4]) < 0.8);
  CHECK(analysis::beat_similarity(song.features[0], song.features[4]) ==
        analysis::beat_similarity(song.features[4], song.features[0]));
}
