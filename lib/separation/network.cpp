#include "sfa/separation/network.hpp"

#include "sfa/audio/error.hpp"
#include "torch_module.hpp"

namespace sfa::separation {

std::unique_ptr<Network> make_network(const Checkpoint& checkpoint, const NetworkSettings& settings) {
  std::string problem;
  void* make = torch_function("sfa_make_network", problem);
  if (make == nullptr) throw Error(Error::Kind::unsupported, "networks need libtorch, which " + problem);
  using Make = Network* (*)(const Checkpoint&, const NetworkSettings&);
  return std::unique_ptr<Network>(reinterpret_cast<Make>(make)(checkpoint, settings));
}

}  // namespace sfa::separation
