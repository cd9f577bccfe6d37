#include "sfa/separation/network_facts.hpp"

#include <algorithm>
#include <array>

#include "sfa/audio/error.hpp"

namespace sfa::separation {
namespace {

constexpr std::array<std::string_view, 4> architectures{"HTDemucs", "HDemucs", "Demucs", "BandUNet"};

int number(const Checkpoint& checkpoint, const std::string& name, int otherwise, int low, int high) {
  const auto found = checkpoint.arguments.find(name);
  if (found == checkpoint.arguments.end() || found->second.is_none()) return otherwise;
  const auto* value = std::get_if<std::int64_t>(&found->second.data);
  if (value == nullptr || *value < low || *value > high)
    throw Error(Error::Kind::invalid_data, checkpoint.architecture + ": " + name + " makes no sense");
  return static_cast<int>(*value);
}

std::vector<std::string> sources(const Checkpoint& checkpoint) {
  const auto found = checkpoint.arguments.find("sources");
  const auto* list = found == checkpoint.arguments.end() ? nullptr : std::get_if<ValueList>(&found->second.data);
  std::vector<std::string> names;
  for (const auto& value : list == nullptr ? ValueList{} : *list) {
    const auto* name = std::get_if<std::string>(&value.data);
    // They become the names of files.
    if (name == nullptr || name->empty() || name->size() > 100 || name->find('/') != std::string::npos ||
        name->find('\0') != std::string::npos || std::ranges::find(names, *name) != names.end())
      throw Error(Error::Kind::invalid_data, checkpoint.architecture + ": its sources are no names of stems");
    names.push_back(*name);
  }
  if (names.empty()) throw Error(Error::Kind::invalid_data, checkpoint.architecture + ": has no sources");
  return names;
}

}  // namespace

NetworkFacts network_facts(const Checkpoint& checkpoint) {
  if (std::ranges::find(architectures, checkpoint.architecture) == architectures.end())
    throw Error(Error::Kind::unsupported, checkpoint.architecture + ": no network of this name is known");
  return {checkpoint.architecture, sources(checkpoint), {number(checkpoint, "samplerate", 44100, 1000, 768000)},
          number(checkpoint, "audio_channels", 2, 1, 64)};
}

}  // namespace sfa::separation
