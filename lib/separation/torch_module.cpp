// The inside of libsfa-torch.so, all that is compiled against libtorch: see torch_runtime.hpp.
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <filesystem>

#include "sfa/separation/torch_runtime.hpp"

namespace {

// Debian's libtorch calls whatever libblas.so.3 the alternatives system points at; the file behind
// the link says which it is.
std::string blas_library() {
  void* product = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info where{};
  if (product == nullptr || dladdr(product, &where) == 0 || where.dli_fname == nullptr) return {};
  std::error_code error;
  const auto file = std::filesystem::canonical(where.dli_fname, error);
  return error ? where.dli_fname : file.string();
}

}  // namespace

extern "C" void sfa_describe_torch(sfa::separation::TorchRuntime& runtime) {
  runtime.version = TORCH_VERSION;
  runtime.threads = at::get_num_threads();
  runtime.blas = blas_library();
  // The reference implementation is installed as .../blas/libblas.so.3.N.
  runtime.slow_blas = runtime.blas.find("/blas/libblas.so") != std::string::npos;
}
