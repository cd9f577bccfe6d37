#include "sfa/analysis/cue.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "form.hpp"
#include "sfa/analysis/structure.hpp"

namespace analysis = sfa::analysis;
namespace form = sfa::analysis::form;
using analysis::Cue;

namespace {

std::vector<Cue> cues_of(const form::Song& song) {
  const auto bars = song.bars();
  return analysis::find_cues(bars, analysis::find_sections(song.features, bars));
}

std::vector<int> bars_of(const std::vector<Cue>& cues, const std::string& type) {
  std::vector<int> bars;
  for (const auto& c : cues)
    if (c.type == type) bars.push_back(c.bar);
  return bars;
}

/// intro 16, build-up 8, drop 16, break 8, drop 16, outro 16
const auto club_song = form::make({{'I', 16, -26.0F, -50.0F},
                                   {'U', 8, -22.0F, -50.0F},
                                   {'D', 16, -16.0F, -20.0F},
                                   {'K', 8, -28.0F, -50.0F},
                                   {'D', 16, -16.0F, -20.0F},
                                   {'O', 16, -26.0F, -40.0F}});

}  // namespace

TEST_CASE("drops lie where the low end comes back, breaks where it goes") {
  const auto cues = cues_of(club_song);
  CHECK(bars_of(cues, "drop") == std::vector{24, 48});
  CHECK(bars_of(cues, "break") == std::vector{40});
  CHECK(bars_of(cues, "first_beat") == std::vector{0});
  CHECK(bars_of(cues, "intro") == std::vector{0});
  const auto outro = bars_of(cues, "outro");
  REQUIRE(outro.size() == 1);
  CHECK(outro[0] >= 64);
}

TEST_CASE("mix points lie on phrases before the first and after the last full part") {
  const auto cues = cues_of(club_song);
  CHECK(bars_of(cues, "mix_in") == std::vector{8});
  CHECK(bars_of(cues, "mix_out") == std::vector{64});
  for (const auto& c : cues) {
    if (c.type == "mix_in") CHECK(c.phrase_bars == 16);
    CHECK((c.phrase_bars == 0 || c.phrase_bars == 4 || c.phrase_bars == 8 || c.phrase_bars == 16 ||
           c.phrase_bars == 32));
    CHECK(c.time == doctest::Approx(2.0 * c.bar));
    CHECK(c.confidence > 0.0);
    CHECK(c.confidence <= 1.0);
  }
  CHECK(std::is_sorted(cues.begin(), cues.end(), [](const Cue& a, const Cue& b) { return a.time < b.time; }));
}

TEST_CASE("a song of one level has no drop and no break") {
  const auto cues = cues_of(form::make({{'A', 8}, {'B', 8}, {'A', 8}, {'B', 8}}));
  CHECK(bars_of(cues, "drop").empty());
  CHECK(bars_of(cues, "break").empty());
}

TEST_CASE("without bars there are no cues") {
  CHECK(cues_of(form::make({{'A', 8}, {'B', 8}}, 0)).empty());
  CHECK(analysis::find_cues({}, {}).empty());
  CHECK(bars_of(cues_of(form::make({{'A', 1}})), "first_beat").size() == 1);
}
