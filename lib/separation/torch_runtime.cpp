#include "sfa/separation/torch_runtime.hpp"

#include <dlfcn.h>

namespace sfa::separation {
namespace {

TorchRuntime load() {
  TorchRuntime runtime;
#ifdef SFA_WITH_TORCH
  // Found through the program's run path: see sfa_can_load_torch in CMakeLists.txt.
  void* module = dlopen("libsfa-torch.so", RTLD_NOW | RTLD_LOCAL);
  void* describe = module == nullptr ? nullptr : dlsym(module, "sfa_describe_torch");
  if (describe == nullptr)
    runtime.problem = std::string("cannot be loaded: ") + dlerror();
  else
    reinterpret_cast<void (*)(TorchRuntime&)>(describe)(runtime);
#else
  runtime.problem = "built without libtorch";
#endif
  return runtime;
}

}  // namespace

const TorchRuntime& torch_runtime() {
  static const TorchRuntime runtime = load();
  return runtime;
}

}  // namespace sfa::separation
