#include "sfa/analysis/structure.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "form.hpp"

namespace analysis = sfa::analysis;
namespace form = sfa::analysis::form;
using analysis::Section;

namespace {

std::vector<Section> sections_of(const form::Song& song) {
  return analysis::find_sections(song.features, song.bars());
}

std::string labels_of(const std::vector<Section>& sections) {
  std::string labels;
  for (const auto& s : sections) labels += s.label;
  return labels;
}

void check_gapless(const std::vector<Section>& sections) {
  for (std::size_t i = 0; i + 1 < sections.size(); ++i)
    CHECK(sections[i].time + sections[i].duration == doctest::Approx(sections[i + 1].time));
}

}  // namespace

TEST_CASE("a song of form AABA is cut and labelled so") {
  for (const int meter : {3, 4}) {
    const auto sections = sections_of(form::make({{'A', 8}, {'A', 8}, {'B', 8}, {'A', 8}}, meter));
    CHECK(labels_of(sections) == "AABA");
    check_gapless(sections);
    for (std::size_t i = 0; i < sections.size(); ++i) {
      CHECK(sections[i].first_bar == static_cast<int>(8 * i));
      CHECK(sections[i].bars == 8);
      CHECK(sections[i].time == doctest::Approx(0.5 * meter * 8.0 * static_cast<double>(i)));
      CHECK(sections[i].confidence > 0.3);
      CHECK(sections[i].confidence <= 1.0);
    }
  }
}

TEST_CASE("sections need not have eight bars") {
  const auto sections = sections_of(form::make({{'A', 4}, {'B', 12}, {'C', 5}, {'B', 12}, {'D', 4}}));
  REQUIRE(sections.size() >= 5);
  std::vector<int> begins;
  for (const auto& s : sections) begins.push_back(s.first_bar);
  for (const int bar : {0, 4, 16, 21, 33}) CHECK(std::count(begins.begin(), begins.end(), bar) == 1);
}

TEST_CASE("a boundary between unlike parts is surer than one inside a long part") {
  const auto sections = sections_of(form::make({{'A', 16}, {'B', 16}}));
  std::map<int, double> confidence;
  for (const auto& s : sections) confidence[s.first_bar] = s.confidence;
  REQUIRE(confidence.count(16) == 1);
  for (const auto& [bar, value] : confidence)
    if (bar != 0 && bar != 16) CHECK(value < confidence[16]);
}

TEST_CASE("where no bars are known sections have none, but times") {
  const auto sections = sections_of(form::make({{'A', 8}, {'B', 8}, {'A', 8}}, 0));
  CHECK(labels_of(sections) == "ABA");
  for (const auto& s : sections) CHECK(s.bars == 0);
  CHECK(sections.at(1).time == doctest::Approx(16.0));
}

TEST_CASE("sections begin with the first bar that sounds and end with the last") {
  auto song = form::make({{'z', 2, -100.0F, -100.0F}, {'A', 8}, {'B', 8}, {'z', 3, -100.0F, -100.0F}});
  const auto sections = sections_of(song);
  REQUIRE(sections.size() == 2);
  CHECK(sections[0].time == doctest::Approx(4.0));
  CHECK(sections[1].time + sections[1].duration == doctest::Approx(36.0));
}

TEST_CASE("a bar is a section, silence none") {
  CHECK(sections_of(form::make({{'A', 1}})).size() == 1);
  CHECK(sections_of(form::make({{'A', 8, -110.0F, -120.0F}})).empty());
  CHECK(analysis::find_sections({}, {}).empty());
}

TEST_CASE("ten hours are cut like a minute") {
  std::vector<form::Part> parts;
  for (int i = 0; i < 2250; ++i) parts.push_back({static_cast<char>('A' + (i * 7 + i / 5) % 26), 8});
  const auto song = form::make(parts);
  CHECK(song.duration() == doctest::Approx(36000.0));
  const auto sections = sections_of(song);
  int right = 0;
  for (const auto& s : sections) right += s.first_bar % 8 == 0 ? 1 : 0;
  CHECK(right > 2200);
}

TEST_CASE("a quiet begin is an intro, a quiet end an outro, a sudden quiet in the middle a break") {
  const auto sections = sections_of(form::make({{'I', 4, -30.0F, -45.0F},
                                                {'V', 8, -20.0F, -24.0F},
                                                {'C', 8, -17.0F, -21.0F},
                                                {'V', 8, -20.0F, -24.0F},
                                                {'K', 8, -32.0F, -50.0F},
                                                {'C', 8, -17.0F, -21.0F},
                                                {'O', 4, -30.0F, -45.0F}}));
  REQUIRE(sections.size() == 7);
  CHECK(sections.front().role == "intro");
  CHECK(sections[4].role == "break");
  CHECK(sections.back().role == "outro");
  for (const auto& s : sections) {
    CHECK(s.role_confidence <= 1.0);
    CHECK((s.role.empty() ? s.role_confidence == 0.0 : s.role_confidence >= 0.35));
  }
}

TEST_CASE("a lone section has no role") { CHECK(sections_of(form::make({{'A', 1}})).at(0).role.empty()); }

TEST_CASE("songs long enough for a graph of their bars are labelled as exactly as short ones") {
  const auto sections =
      sections_of(form::make({{'I', 4}, {'A', 8}, {'B', 8}, {'A', 8}, {'B', 8}, {'C', 8}, {'B', 8}, {'I', 4}}));
  CHECK(labels_of(sections) == "ABCBCDCA");
}
