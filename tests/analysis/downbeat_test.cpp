#include "sfa/analysis/downbeat.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

std::vector<Beat> beats(std::size_t count) {
  std::vector<Beat> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i].time = 0.5 * static_cast<double>(i);
  return result;
}

/// Likely every `bar` beats from `first` on.
std::vector<float> accents(std::size_t count, std::size_t bar, std::size_t first, float high = 0.7F, float low = 0.1F) {
  std::vector<float> result(count, low);
  for (std::size_t i = first; i < count; i += bar) result[i] = high;
  return result;
}

}  // namespace

TEST_CASE("bars of three, four, six and seven beats are told apart, wherever they begin") {
  for (const std::size_t bar : {3U, 4U, 6U, 7U})
    for (std::size_t first = 0; first < bar; ++first) {
      CAPTURE(bar);
      CAPTURE(first);
      auto found = beats(60);
      const auto meter = mark_bars(found, accents(60, bar, first));
      CHECK(meter.beats_per_bar == static_cast<int>(bar));
      for (std::size_t i = 0; i < found.size(); ++i)
        CHECK(found[i].position == static_cast<int>((i + bar - first) % bar) + 1);
    }
}

TEST_CASE("bars hold where some downbeats are not heard and others are heard in wrong places") {
  auto found = beats(200);
  auto heard = accents(200, 4, 2);
  Random random(1);
  for (auto& value : heard)
    if (random.uniform() < 0.15) value = 0.8F - value;
  CHECK(mark_bars(found, heard).beats_per_bar == 4);
  int right = 0;
  for (std::size_t i = 0; i < found.size(); ++i) right += (found[i].position == 1) == (i % 4 == 2);
  CHECK(right > 190);
}

TEST_CASE("a bar that is cut short shifts those after it") {
  auto found = beats(81);
  auto heard = accents(81, 4, 0, 0.9F, 0.05F);
  for (std::size_t i = 38; i < heard.size(); ++i) heard[i] = i % 4 == 2 ? 0.9F : 0.05F;
  mark_bars(found, heard);
  CHECK(found[36].position == 1);
  CHECK(found[38].position == 1);
  CHECK(found[78].position == 1);
}

TEST_CASE("without accents, or with too few beats, no bars are told") {
  for (const std::size_t count : {0U, 3U, 40U}) {
    auto found = beats(count);
    const auto meter = mark_bars(found, std::vector<float>(count, 0.2F));
    CHECK(meter.beats_per_bar == 0);
    CHECK(meter.confidence == 0.0);
    for (const auto& beat : found) CHECK(beat.position == 0);
  }
  auto found = beats(4);
  CHECK_THROWS_AS(mark_bars(found, std::vector<float>(3, 0.2F)), Error);
}
