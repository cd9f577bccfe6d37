#include "sfa/separation/torch_runtime.hpp"

#include <dlfcn.h>

#include <cstdlib>

#include "torch_module.hpp"

namespace sfa::separation {
#ifdef SFA_WITH_TORCH
namespace {

// OpenBLAS 0.3.21 knows no AMD processor with AVX-512 and multiplies with half its width there: a float32
// network takes a third longer. It reads this once, when it is loaded; who has set it has the last word.
void prefer_wide_blas() {
#if defined(__x86_64__)
  if (__builtin_cpu_is("amd") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq"))
    setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 0);
#endif
}

}  // namespace
#endif

void* torch_function(const char* name, std::string& problem) {
#ifdef SFA_WITH_TORCH
  prefer_wide_blas();
  // Found through the program's run path: see sfa_can_load_torch in CMakeLists.txt.
  static void* const module = dlopen("libsfa-torch.so", RTLD_NOW | RTLD_LOCAL);
  void* function = module == nullptr ? nullptr : dlsym(module, name);
  if (function == nullptr) {
    const char* why = dlerror();
    problem = std::string("cannot be loaded: ") + (why == nullptr ? "libsfa-torch.so" : why);
  }
  return function;
#else
  (void)name;
  problem = "built without libtorch";
  return nullptr;
#endif
}

namespace {

TorchRuntime load() {
  TorchRuntime runtime;
  if (void* describe = torch_function("sfa_describe_torch", runtime.problem); describe != nullptr)
    reinterpret_cast<void (*)(TorchRuntime&)>(describe)(runtime);
  return runtime;
}

}  // namespace

bool built_with_torch() {
#ifdef SFA_WITH_TORCH
  return true;
#else
  return false;
#endif
}

const TorchRuntime& torch_runtime() {
  static const TorchRuntime runtime = load();
  return runtime;
}

}  // namespace sfa::separation
