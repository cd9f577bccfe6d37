// A model of trained networks: where its checkpoints lie, what they are, and how they are put together.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sfa/separation/checkpoint.hpp"
#include "sfa/separation/network_facts.hpp"

namespace sfa::tool {

struct Model {
  struct Member {
    std::string path;                // empty: not on this machine, and `problem` says so
    std::string problem;
    std::vector<double> weights;     // of each stem
  };
  std::string name;                  // as --model says it
  separation::NetworkFacts facts;    // the same for all members
  std::vector<Member> members;
  std::optional<double> segment_seconds;
};

/// Looks into one checkpoint, the first that can be read, to know the stems. Throws as io::find_model and
/// separation::read_checkpoint, with the file's name.
[[nodiscard]] Model find_model(const std::string& name, const std::string& model_dir);

/// Throws as separation::read_checkpoint, with the file's name.
[[nodiscard]] separation::Checkpoint read_model_file(const std::string& path);

}  // namespace sfa::tool
