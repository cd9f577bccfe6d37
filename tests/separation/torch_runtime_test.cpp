#include "sfa/separation/torch_runtime.hpp"

#include <doctest/doctest.h>

using sfa::separation::torch_runtime;

TEST_CASE("libtorch tells what it is, or why it is not there") {
  const auto& torch = torch_runtime();
  if (SFA_BUILT_WITH_TORCH) {
    CHECK(torch.problem == "");
    CHECK(torch.version.find('.') != std::string::npos);
    CHECK(torch.threads >= 1);
    CHECK(torch.blas.find("blas") != std::string::npos);
  } else {
    CHECK(torch.problem == "built without libtorch");
  }
}
