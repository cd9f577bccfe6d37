#include "sfa/separation/released_models.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa::separation;

namespace {

bool is_hex8(const std::string& text) {
  return text.size() == 8 && std::ranges::all_of(text, [](char c) { return std::isdigit(c) || (c >= 'a' && c <= 'f'); });
}

}  // namespace

TEST_CASE("every released model has members, stems and a weight for each of both") {
  std::set<std::string> files;
  for (const auto& model : released_models()) {
    CAPTURE(model.name);
    CHECK(find_released_model(model.name) == &model);
    CHECK(model.members.empty() == model.is_quantised());
    CHECK(model.weights.size() == model.members.size());
    for (const auto& weights : model.weights) CHECK(weights.size() == model.stems.size());
    for (const auto& member : model.members) {
      CHECK(is_hex8(member.signature));
      CHECK(is_hex8(member.checksum));
      CHECK(files.insert(member.file_name()).second);
    }
    for (std::size_t stem = 0; stem < model.stems.size() && !model.members.empty(); ++stem)
      CHECK(std::ranges::any_of(model.weights, [&](const auto& weights) { return weights[stem] > 0.0; }));
  }
}

TEST_CASE("the members are those of the reference's list of releases") {
  CHECK(released_models().front().name == "htdemucs");
  CHECK(find_released_model("htdemucs")->members.front().file_name() == "955717e8-8726e21a.th");
  CHECK(find_released_model("htdemucs_ft")->members[3].file_name() == "04573f0d-f3cf25b2.th");  // vocals
  CHECK(find_released_model("htdemucs_ft")->weights[3] == std::vector{0.0, 0.0, 0.0, 1.0});
  CHECK(find_released_model("htdemucs_6s")->stems.back() == "piano");
  CHECK(find_released_model("hdemucs_mmi")->segment_seconds == 44.0);
  CHECK_FALSE(find_released_model("htdemucs")->segment_seconds);
  CHECK(find_released_model("mdx_extra")->folder == "mdx_final/");
  CHECK(find_released_model("mdx_extra")->weights[2] == std::vector(4, 1.0));
  CHECK(find_released_model("mdx")->weights[0] == std::vector{1.0, 1.0, 0.0, 0.0});
}

TEST_CASE("quantised models are known, and what they were made from too") {
  CHECK(find_released_model("mdx_extra_q")->is_quantised());
  for (const auto& model : released_models())
    if (model.is_quantised()) CHECK_FALSE(find_released_model(model.unquantised)->is_quantised());
  CHECK(find_released_model("htdemucs_q") == nullptr);
  CHECK_THROWS_WITH_AS((void)released_model("mdx_extra_q"),
                       "mdx_extra_q is quantised by DiffQ, which sfa does not read; mdx_extra is the same model before that",
                       sfa::Error);
  CHECK_THROWS_WITH_AS((void)released_model("htdemucs_q"),
                       "htdemucs_q: no such model is released; there are htdemucs, htdemucs_ft, htdemucs_6s, hdemucs_mmi, "
                       "mdx, mdx_extra",
                       sfa::Error);
}
