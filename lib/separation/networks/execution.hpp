// Where and how libtorch works: the same for running networks and for training them.
#pragma once
#include <c10/util/Exception.h>
#include <torch/types.h>

#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/separation/network.hpp"

namespace sfa::separation::networks {

/// Throws Error::unsupported where it is to be CUDA and there is none.
[[nodiscard]] torch::Device chosen_device(Device wanted);

/// `wanted`, or what suits the device best: never Precision::automatic.
[[nodiscard]] Precision chosen_precision(Precision wanted, torch::Device device);

/// Of the whole process; 0 for as many as there are cores.
void use_threads(int count);

/// Lets the process keep the memory that it had. Tensors of many megabytes come and go with every layer; by default
/// each is fresh from the system, whose pages are filled with zeros first: a third of the time.
void keep_heap();

/// What `work` gives. libtorch's own errors, which are many lines long, become Error::invalid_data.
template <class Work>
auto told_apart(const Work& work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    throw Error(Error::Kind::invalid_data, std::string("libtorch: ") + error.what_without_backtrace());
  }
}

}  // namespace sfa::separation::networks
