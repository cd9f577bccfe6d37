// What a checkpoint tells of its network without its being built.
#pragma once
#include <string>
#include <vector>

#include "sfa/audio/units.hpp"
#include "sfa/separation/checkpoint.hpp"

namespace sfa::separation {

struct NetworkFacts {
  std::string architecture;
  std::vector<std::string> sources;  // the stems in its order, at least one
  SampleRate rate{};
  int channels = 0;
};

/// Throws Error::unsupported for an architecture that make_network() does not know, Error::invalid_data for
/// arguments that make no sense.
[[nodiscard]] NetworkFacts network_facts(const Checkpoint& checkpoint);

}  // namespace sfa::separation
