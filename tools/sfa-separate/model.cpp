#include "model.hpp"

#include <fmt/format.h>

#include "sfa/audio/error.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/mapped_file.hpp"
#include "sfa/io/model_files.hpp"
#include "sfa/separation/bag.hpp"

namespace sfa::tool {
namespace {

Model model_of(const io::ModelFiles& files, const io::ModelFolders& folders) {
  Model model;
  if (files.bag.empty()) {
    for (std::size_t i = 0; i < files.checkpoints.size(); ++i)
      model.members.push_back({files.checkpoints[i], {}, files.released ? files.released->weights.at(i) : std::vector<double>{}});
    if (files.released) model.segment_seconds = files.released->segment_seconds;
    return model;
  }
  const auto bag = io::parse_document(files.bag, io::read_file(files.bag), separation::parse_bag);
  for (std::size_t i = 0; i < bag.models.size(); ++i) {
    Model::Member member{{}, {}, bag.weights.empty() ? std::vector<double>{} : bag.weights[i]};
    try {
      member.path = io::find_member(files.bag, bag.models[i], folders);
    } catch (const Error& error) {
      member.problem = error.what();
    }
    model.members.push_back(std::move(member));
  }
  model.segment_seconds = bag.segment_seconds;
  return model;
}

/// Of the first member that can be read: one that is not needed may be missing.
separation::NetworkFacts facts_of(const Model& model) {
  std::optional<Error> problem;
  for (const auto& member : model.members) {
    try {
      if (member.path.empty()) throw Error(Error::Kind::not_found, member.problem);
      const auto checkpoint = read_model_file(member.path);
      return io::about(member.path, [&] { return separation::network_facts(checkpoint); });
    } catch (const Error& error) {
      if (!problem) problem = error;
    }
  }
  throw *problem;
}

}  // namespace

separation::Checkpoint read_model_file(const std::string& path) {
  const auto file = io::map_file(path);
  return io::about(path, [&] { return separation::read_checkpoint(file.bytes, file.owner); });
}

Model find_model(const std::string& name, const std::string& model_dir) {
  const auto folders = io::model_folders(model_dir);
  auto model = model_of(io::find_model(name, folders), folders);
  model.name = name;
  model.facts = facts_of(model);
  for (auto& member : model.members) {
    if (member.weights.empty()) member.weights.assign(model.facts.sources.size(), 1.0);
    if (member.weights.size() != model.facts.sources.size())
      throw Error(Error::Kind::invalid_data, fmt::format("{}: has weights for {} stems, its networks have {}", name,
                                                         member.weights.size(), model.facts.sources.size()));
  }
  return model;
}

}  // namespace sfa::tool
