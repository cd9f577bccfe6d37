#include "sfa/separation/network.hpp"

#include "sfa/audio/error.hpp"
#include "sfa/separation/live_separator.hpp"
#include "torch_module.hpp"

namespace sfa::separation {
namespace {

template <class Function>
Function* torch_side(const char* name) {
  std::string problem;
  void* found = torch_function(name, problem);
  if (found == nullptr) throw Error(Error::Kind::unsupported, "networks need libtorch: " + problem);
  return reinterpret_cast<Function*>(found);
}

}  // namespace

std::unique_ptr<Network> make_network(const Checkpoint& checkpoint, const NetworkSettings& settings) {
  const auto make = torch_side<Network*(const Checkpoint&, const NetworkSettings&)>("sfa_make_network");
  return std::unique_ptr<Network>(make(checkpoint, settings));
}

std::unique_ptr<LiveSeparator> make_live_separator(const Checkpoint& checkpoint, const LiveSettings& settings) {
  const auto make = torch_side<LiveSeparator*(const Checkpoint&, const LiveSettings&)>("sfa_make_live_separator");
  return std::unique_ptr<LiveSeparator>(make(checkpoint, settings));
}

Checkpoint untrained_checkpoint(const std::string& architecture, const ValueMap& arguments, std::uint64_t seed) {
  Checkpoint checkpoint{architecture, arguments, {}};
  torch_side<void(Checkpoint&, std::uint64_t)>("sfa_make_up_weights")(checkpoint, seed);
  return checkpoint;
}

}  // namespace sfa::separation
