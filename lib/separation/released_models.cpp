#include "sfa/separation/released_models.hpp"

#include <algorithm>

#include "sfa/audio/error.hpp"

namespace sfa::separation {
namespace {

using Members = std::vector<ReleasedMember>;
using Weights = std::vector<std::vector<double>>;

const std::vector<std::string> four_stems{"drums", "bass", "other", "vocals"};
const std::vector<std::string> six_stems{"drums", "bass", "other", "vocals", "guitar", "piano"};

ReleasedModel model(std::string name, std::string folder, Members members, Weights weights = {},
                    std::optional<double> segment_seconds = {}, const std::vector<std::string>& stems = four_stems) {
  if (weights.empty()) weights.assign(members.size(), std::vector(stems.size(), 1.0));
  return {std::move(name), std::move(folder), std::move(members), stems, std::move(weights), segment_seconds, {}};
}

ReleasedModel quantised(std::string name, std::string unquantised) {
  return {std::move(name), {}, {}, four_stems, {}, {}, std::move(unquantised)};
}

std::vector<ReleasedModel> table() {
  return {
      model("htdemucs", "hybrid_transformer/", {{"955717e8", "8726e21a"}}),
      // One network fine-tuned for each stem.
      model("htdemucs_ft", "hybrid_transformer/",
            {{"f7e0c4bc", "ba3fe64a"}, {"d12395a8", "e57c48e6"}, {"92cfc3b6", "ef3bcb9c"}, {"04573f0d", "f3cf25b2"}},
            {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}),
      model("htdemucs_6s", "hybrid_transformer/", {{"5c90dfd2", "34c22ccb"}}, {}, {}, six_stems),
      model("hdemucs_mmi", "hybrid_transformer/", {{"75fc33f5", "1941ce65"}}, {}, 44.0),
      model("mdx", "mdx_final/",
            {{"0d19c1c6", "0f06f20e"}, {"7ecf8ec1", "70f50cc9"}, {"c511e2ab", "fe698775"}, {"7d865c68", "3d5dd56b"}},
            {{1, 1, 0, 0}, {0, 1, 0, 0}, {1, 0, 1, 1}, {1, 0, 1, 1}}, 44.0),
      model("mdx_extra", "mdx_final/",
            {{"e51eebcc", "c1b80bdd"}, {"a1d90b5c", "ae9d2452"}, {"5d2d6c55", "db83574e"}, {"cfa93e08", "61801ae1"}}, {},
            44.0),
      quantised("mdx_q", "mdx"),
      quantised("mdx_extra_q", "mdx_extra"),
  };
}

}  // namespace

std::span<const ReleasedModel> released_models() {
  static const std::vector<ReleasedModel> models = table();
  return models;
}

const ReleasedModel* find_released_model(std::string_view name) {
  const auto models = released_models();
  const auto found = std::ranges::find(models, name, &ReleasedModel::name);
  return found == models.end() ? nullptr : &*found;
}

const ReleasedModel& released_model(std::string_view name) {
  const auto* const model = find_released_model(name);
  if (model == nullptr)
    throw Error(Error::Kind::not_found, std::string(name) + ": no such model is released; there are " + released_names());
  if (model->is_quantised())
    throw Error(Error::Kind::unsupported, model->name + " is quantised by DiffQ, which sfa does not read; " +
                                              model->unquantised + " is the same model before that");
  return *model;
}

std::string released_names() {
  std::string names;
  for (const auto& model : released_models())
    if (!model.is_quantised()) names += (names.empty() ? "" : ", ") + model.name;
  return names;
}

std::string_view released_models_url() { return "https://dl.fbaipublicfiles.com/demucs/"; }

}  // namespace sfa::separation
