#include "sfa/slicing/selection.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::slicing;

namespace {

/// A slice whose timbre lies in one band alone.
Cut made(Frames begin, SliceClass kind, double loudness_lufs, std::size_t band, double pitch_hz = 0.0) {
  Cut cut;
  cut.slice.range = {begin, begin + 100};
  cut.slice.kind = kind;
  cut.slice.features.peak_db = loudness_lufs + 10.0;
  cut.slice.features.centroid_hz = 100.0 * static_cast<double>(band + 1);
  cut.slice.features.detail = SliceDetail{};
  cut.slice.features.detail->loudness_lufs = loudness_lufs;
  cut.slice.features.detail->pitch_hz = pitch_hz;
  cut.timbre.levels[band] = 1.0F;
  return cut;
}

std::vector<Cut> five() {
  return {made(0, SliceClass::kick, -20.0, 0), made(100, SliceClass::closed_hat, -30.0, 9),
          made(200, SliceClass::kick, -10.0, 0), made(300, SliceClass::open_hat, -15.0, 9, 300.0),
          made(400, SliceClass::snare, -12.0, 0, 200.0)};
}

std::vector<Frames> begins(const std::vector<Slice>& slices) {
  std::vector<Frames> frames;
  for (const Slice& slice : slices) frames.push_back(slice.range.begin);
  return frames;
}

}  // namespace

TEST_CASE("without wishes all slices stay in order of time, numbered from 0") {
  const auto slices = select(five(), {});
  CHECK(begins(slices) == std::vector<Frames>{0, 100, 200, 300, 400});
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(slices[i].id == static_cast<int>(i));
    CHECK(slices[i].group == -1);
    CHECK(slices[i].gain_db == 0.0);
  }
}

TEST_CASE("classes are kept by name or by group") {
  CHECK(begins(select(five(), {.only = {SliceClass::kick}})) == std::vector<Frames>{0, 200});
  CHECK(begins(select(five(), {.only = {SliceClass::hat, SliceClass::snare}})) == std::vector<Frames>{100, 300, 400});
  CHECK(begins(select(five(), {.only = {SliceClass::open_hat}})) == std::vector<Frames>{300});
  CHECK(select(five(), {.only = {SliceClass::vocal}}).empty());
}

TEST_CASE("of similar slices of a class the loudest stays") {
  CHECK(begins(select(five(), {.unique = 0.9})) == std::vector<Frames>{200, 300, 400});
  CHECK(begins(select(five(), {.unique = 0.0})) == std::vector<Frames>{200, 300, 400});  // still not across classes
}

TEST_CASE("groups are numbered as they come") {
  const auto slices = select(five(), {.group = 0.9});
  std::vector<int> groups;
  for (const auto& slice : slices) groups.push_back(slice.group);
  CHECK(groups == std::vector<int>{0, 1, 0, 1, 2});
}

TEST_CASE("the loudest are kept in order of time") {
  CHECK(begins(select(five(), {.keep = 2})) == std::vector<Frames>{200, 400});
  CHECK(select(five(), {.keep = 99}).size() == 5);
}

TEST_CASE("slices are put in order") {
  const auto in = [](SliceOrder order) { return begins(select(five(), {.order = order})); };
  CHECK(in(SliceOrder::loudness) == std::vector<Frames>{200, 400, 300, 0, 100});
  CHECK(in(SliceOrder::pitch) == std::vector<Frames>{400, 300, 0, 100, 200});
  CHECK(in(SliceOrder::brightness) == std::vector<Frames>{0, 200, 400, 100, 300});
  CHECK(in(SliceOrder::kind) == std::vector<Frames>{0, 200, 400, 100, 300});
  CHECK(slice_order("class") == SliceOrder::kind);
  CHECK_FALSE(slice_order("size"));
}

TEST_CASE("gain brings peaks to one level, but for silence") {
  auto cuts = five();
  cuts[1].slice.features.peak_db = -90.0;
  const auto slices = select(std::move(cuts), {.peak_db = -1.0});
  for (const auto& slice : slices)
    if (slice.range.begin != 100) CHECK(slice.features.peak_db + slice.gain_db == doctest::Approx(-1.0));
  CHECK(slices[1].gain_db == 0.0);
}

TEST_CASE("what is out of range is refused") {
  CHECK_THROWS_AS((void)select({}, {.group = 1.5}), Error);
  CHECK_THROWS_AS((void)select({}, {.unique = -0.1}), Error);
  CHECK_THROWS_AS((void)select({}, {.keep = -1}), Error);
  CHECK_THROWS_AS((void)select({}, {.peak_db = 1.0}), Error);
}
