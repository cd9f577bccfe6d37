#include "execution.hpp"

#include <ATen/Parallel.h>
#include <malloc.h>
#include <torch/cuda.h>

#include <algorithm>
#include <thread>

namespace sfa::separation::networks {
namespace {

bool multiplies_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

}  // namespace

torch::Device chosen_device(Device wanted) {
  const bool cuda = torch::cuda::is_available();
  if (wanted == Device::cuda && !cuda) throw Error(Error::Kind::unsupported, "this libtorch has no CUDA device");
  return cuda && wanted != Device::cpu ? torch::kCUDA : torch::kCPU;
}

Precision chosen_precision(Precision wanted, torch::Device device) {
  if (wanted != Precision::automatic) return wanted;
  return device.is_cuda() || multiplies_bfloat16() ? Precision::bfloat16 : Precision::float32;
}

void use_threads(int count) {
  // By itself libtorch takes one for each two of what it counts as cores.
  const auto threads = count > 0 ? count : static_cast<int>(std::thread::hardware_concurrency());
  at::set_num_threads(std::max(1, threads));
}

void keep_heap() {
#if defined(__GLIBC__)
  constexpr int most = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, most);
  mallopt(M_TRIM_THRESHOLD, most);
#endif
}

}  // namespace sfa::separation::networks
