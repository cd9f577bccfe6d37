#include "sfa/separation/torch_runtime.hpp"

#include <dlfcn.h>

#include "torch_module.hpp"

namespace sfa::separation {

void* torch_function(const char* name, std::string& problem) {
#ifdef SFA_WITH_TORCH
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
  problem = "this build is without";
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

const TorchRuntime& torch_runtime() {
  static const TorchRuntime runtime = load();
  return runtime;
}

}  // namespace sfa::separation
