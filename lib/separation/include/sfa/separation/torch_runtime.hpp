// What the neural side of separation runs on. libtorch lives in a module of its own, libsfa-torch.so,
// that is loaded when somebody asks for it: loading takes 0.3 s and 165 MB, which a run without a
// network shall not pay.
#pragma once
#include <string>

namespace sfa::separation {

struct TorchRuntime {
  std::string problem;  // why there is none, empty where there is: "built without libtorch", ...
  std::string version;  // of libtorch
  int threads = 0;      // that a network's operations use
  std::string blas;     // the library that does its matrix products, by path; empty if unknown
  bool slow_blas = false;  // it is the reference BLAS, 30 times slower than OpenBLAS
};

/// Whether this build has the neural side at all. Loads nothing.
[[nodiscard]] bool built_with_torch();

/// Loads libtorch, once.
[[nodiscard]] const TorchRuntime& torch_runtime();

}  // namespace sfa::separation
